#ifndef SMTP_DATA_H
#define SMTP_DATA_H

/* A message as it comes after DATA or BDAT: decoded, its faults found. */

#include <stddef.h>

#include "lib/header_watch.h"

/* Why a message can't be taken; more than one may be set. */
#define DATA_BARE_CR 1
#define DATA_BARE_LF 2
#define DATA_TOO_LARGE 4
#define DATA_LOOPS 8
#define DATA_HEADER 16 /* over its limit */
#define DATA_NULL 32   /* a null byte: RFC 6152, 3; RFC 2045, 2.7 and 2.8 */

/*
 * What follows DATA (RFC 5321, 4.1.1.4), or all that follows the BDATs of a message (RFC
 * 3030), read piece by piece.
 */
struct data {
	unsigned long long
	    octets; /* of the message so far, CRLFs counted, stuffed dots not */
	unsigned long long max;        /* 0: no limit */
	unsigned long long header_max; /* 0: no limit */
	unsigned faults;
	/* May a bare CR or LF be taken for a line end?  Asked when there is one; null:
	 * no. */
	int (*mends)(void);
	int is_mended; /* there was one */
	int in_line;   /* false: just after CRLF */
	int ended;     /* CRLF.CRLF was there */
	int cr_held;   /* of chunks: so many CRs, at most 2, ended the last one */
	struct header_watch header;
};

/*
 * Begin, for at most max octets, of which header_max may be the header (0: any number).
 */
void data_begin(struct data *d, unsigned long long max, unsigned long long header_max);

/*
 * Decode s[0..len) to out, which has room for len bytes: CRLF becomes LF, stuffed
 * dots go.  Returns the bytes put to out.  *used are the bytes taken from s;
 * nothing after the final dot is.  Where a few bytes at the end can't be judged
 * yet, they are not taken: give them again, with at least one more.
 * Only CRLF.CRLF ends the data, whatever the faults are.
 */
size_t data_decode(struct data *d, char *out, const char *s, size_t len, size_t *used);

/*
 * Decode all of the piece s[0..len) of a chunk to out, which has room for len + 2 bytes:
 * CRLF becomes LF, dots mean nothing.  Returns the bytes put to out.
 */
size_t data_decode_chunk(struct data *d, char *out, const char *s, size_t len);

/*
 * The last chunk has been decoded.  A last line without its end gets one, in out, which
 * has room for 3 bytes.  Returns the bytes put to out.
 */
size_t data_end_chunks(struct data *d, char *out);

#endif
