#ifndef SEND_MAIL_SOURCE_H
#define SEND_MAIL_SOURCE_H

#include <sys/types.h>

/* A stored message that is to be sent. */
struct mail_source {
	int fd; /* for pread(2) */
	off_t offset;
	off_t length;
	size_t line_max; /* octets of a line, its end not counted; 0: not asked about */
	int measured;    /* the rest is known */
	int has_eight_bit;
	int has_eight_bit_header;
	int has_long_line;         /* longer than line_max */
	unsigned long long octets; /* with CRLF line ends: SIZE of RFC 1870 */
};

/* Read up to len bytes at position at of the message.  Returns how many; -1 with
 * errno, EIO when the file has become shorter. */
ssize_t mail_source_read(const struct mail_source *m, char *buf, size_t len, off_t at);

/*
 * Take the message on descriptor fd from where it stands to its end; what is not a file
 * is copied to one without a name.  Returns 0, or -1 with errno.
 */
int mail_source_take(struct mail_source *m, int fd);

/* Find out size and contents, once.  Returns 0, or -1 with errno. */
int mail_source_measure(struct mail_source *m);

#endif
