#ifndef RECEIVE_SMTP_DATA_H
#define RECEIVE_SMTP_DATA_H

#include <stddef.h>

#define SMTP_HOPS_MAX 100 /* Received fields; RFC 5321, 6.3 */

/* Why a message can't be taken; more than one may be set. */
#define SMTP_DATA_BARE_CR 1
#define SMTP_DATA_BARE_LF 2
#define SMTP_DATA_TOO_LARGE 4
#define SMTP_DATA_LOOPS 8

/* What follows DATA (RFC 5321, 4.1.1.4), read piece by piece. */
struct smtp_data {
	unsigned long long
	    octets; /* of the message so far, CRLFs counted, stuffed dots not */
	unsigned long long max; /* 0: no limit */
	unsigned hops;          /* Received fields so far */
	unsigned faults;
	int in_header;
	int in_line; /* false: just after CRLF */
	int ended;   /* CRLF.CRLF was there */
};

/* Begin, for at most max octets (0: any number). */
void smtp_data_begin(struct smtp_data *d, unsigned long long max);

/*
 * Decode s[0..len) to out, which has room for len bytes: CRLF becomes LF, stuffed
 * dots go.  Returns the bytes put to out.  *used are the bytes taken from s;
 * nothing after the final dot is.  Where a few bytes at the end can't be judged
 * yet, they are not taken: give them again, with at least one more.
 * Only CRLF.CRLF ends the data, whatever the faults are.
 */
size_t smtp_data_decode(
    struct smtp_data *d, char *out, const char *s, size_t len, size_t *used);

#endif
