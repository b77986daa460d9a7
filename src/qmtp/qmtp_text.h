#ifndef QMTP_QMTP_TEXT_H
#define QMTP_QMTP_TEXT_H

/* The two encodings of a message in QMTP, made ours. */

#include <stddef.h>

/* The first byte of a message tells its encoding. */
#define QMTP_TEXT_LF '\n'
#define QMTP_TEXT_CRLF '\r'

#define QMTP_TEXT_NULL 1u
#define QMTP_TEXT_BARE_CR 2u
#define QMTP_TEXT_BARE_LF 4u

/* A message that comes in pieces of any size.  Zeroed to begin with, but for encoding. */
struct qmtp_text {
	char encoding;
	int cr_held; /* the last piece ended with a CR */
	unsigned faults;
	unsigned long long octets; /* with line ends of two */
};

/*
 * Write in[0..len) to out, which holds len + 1 bytes, with each line end as LF.  CRLF is
 * a line end in both encodings, LF alone in one; a byte that is neither text nor a line
 * end is a fault.  Returns how many bytes were written.
 */
size_t qmtp_text_decode(struct qmtp_text *t, char *out, const char *in, size_t len);

/* The message is over. */
void qmtp_text_end(struct qmtp_text *t);

#endif
