#ifndef RECEIVE_SMTP_HEADER_H
#define RECEIVE_SMTP_HEADER_H

#include <stddef.h>

#define SMTP_HOPS_MAX 100 /* Received fields; RFC 5321, 6.3 */

/* Where in a line of the header we are. */
enum smtp_header_place {
	SMTP_HEADER_START, /* of a line */
	SMTP_HEADER_NAME,
	SMTP_HEADER_BLANK, /* between the name and its colon */
	SMTP_HEADER_VALUE  /* and in a folded line */
};

/* What is looked at in the header of a message, which comes piece by piece. */
struct smtp_header {
	unsigned long long octets; /* of it so far, line ends counted as two */
	unsigned hops;             /* Received fields so far */
	int ended;                 /* by the empty line, or by one that is no field */
	enum smtp_header_place place;
	unsigned matched; /* bytes of the name that are those of Received */
};

/*
 * Look at s[0..len), text with LF line ends, the next piece of the message.  Zeroed to
 * begin with.
 */
void smtp_header_look(struct smtp_header *header, const char *s, size_t len);

#endif
