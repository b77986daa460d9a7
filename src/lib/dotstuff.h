#ifndef LIB_DOTSTUFF_H
#define LIB_DOTSTUFF_H

/* The stuffing of dots, for SMTP and POP3. */

#include <stddef.h>
#include <stdint.h>

/*
 * The encoder from stored mail to the form in which SMTP (RFC 5321, 4.5.2) and POP3
 * (RFC 1939, 3) send it: every line ends with CRLF and a dot that begins a line is
 * doubled.  A CRLF in the input is one line end; a CR elsewhere becomes a blank, since
 * no two receivers agree on what it means.  The input comes in pieces of any size.
 * Zeroed to begin with.
 */
struct dotstuff {
	/* of canonical text so far, doubled dots not counted: the W= size */
	uint64_t octets;
	int is_plain;   /* for BDAT (RFC 3030): no dot is doubled, none is the end */
	int line_begun; /* something stands on the current line */
	int cr_held;    /* the last piece ended with a CR */
};

/* What len bytes of input may become at most; what the end may need. */
#define DOTSTUFF_ROOM(len) (2 * (len) + 2)
#define DOTSTUFF_END 6

/*
 * Encode in[0..len) to out, which holds DOTSTUFF_ROOM(len) bytes.  Returns how many
 * bytes were written.
 */
size_t dotstuff_encode(struct dotstuff *d, char *out, const char *in, size_t len);

/*
 * Complete the last line and write the final ".\r\n", unless plain, to out, which holds
 * DOTSTUFF_END bytes.  Returns how many bytes were written.  octets is now final.
 */
size_t dotstuff_end(struct dotstuff *d, char *out);

/* The same without output: to know octets only. */
void dotstuff_count(struct dotstuff *d, const char *in, size_t len);
void dotstuff_count_end(struct dotstuff *d);

#endif
