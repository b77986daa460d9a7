#ifndef QMTP_QMTP_INPUT_H
#define QMTP_QMTP_INPUT_H

/* The client's side of a connection: netstrings as they come. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#define QMTP_INPUT_LENGTH_MAX 9999999999ULL /* of a netstring: ten digits */

struct qmtp_input {
	int fd;
	unsigned seconds; /* for each read */
	int64_t until;    /* the end of the session, in the time of deadline_now */
	unsigned long long consumed; /* bytes so far */
	size_t start, end;
	char s[65536];
};

/*
 * What is there of the next max bytes, at least one: *s.  Returns how many; 0 at the end
 * of file, -1 with errno.
 */
ssize_t qmtp_input_some(struct qmtp_input *in, size_t max, const char **s);

/*
 * The functions below return 1; 0 at the end of file; -1 with errno, EPROTO when what
 * comes is malformed.
 */

/* The length and the colon that begin a netstring. */
int qmtp_input_length(struct qmtp_input *in, unsigned long long *len);

/* The byte *c. */
int qmtp_input_byte(struct qmtp_input *in, char *c);

/* The comma that ends a netstring. */
int qmtp_input_comma(struct qmtp_input *in);

/* A whole netstring of at most max bytes; a longer one is malformed. */
int qmtp_input_netstring(struct qmtp_input *in, stralloc *sa, size_t max);

#endif
