#ifndef MIME_MIME_OUTPUT_H
#define MIME_MIME_OUTPUT_H

/* Where a converted message is written to. */

#include <stddef.h>

#include <stralloc.h>

/* Zeroed to begin with, but for fd and eol. */
struct mime_output {
	int fd;          /* or -1: all is kept in text */
	const char *eol; /* how the lines of this message end */
	stralloc text;   /* what has not been written yet */
	int error;       /* errno of a write that failed: nothing more is written then */
};

/* Append s[0..len), or a string. */
void mime_output_put(struct mime_output *o, const char *s, size_t len);
void mime_output_say(struct mime_output *o, const char *s);

/*
 * The same for lines that nobody reads, with a '?' for each byte that is not ASCII, and
 * for the first one of a line that might become the delimiter of a multipart by that.
 */
void mime_output_put_ascii(struct mime_output *o, const char *s, size_t len);

/*
 * Append lines in quoted-printable; with mends they claim to be that already, and only
 * what must not stand there is encoded.
 */
void mime_output_quote(struct mime_output *o, const char *s, size_t len, int mends);

/* Append lines in base64, each line end as CRLF: RFC 2045, 6.8. */
void mime_output_base64(struct mime_output *o, const char *s, size_t len);

/*
 * Append what of s[0..len), which claims to be in base64, is so, in lines that are not
 * too long: other bytes mean nothing, RFC 2045, 6.8.
 */
void mime_output_mend_base64(struct mime_output *o, const char *s, size_t len);

/* Write what is left.  Returns 0, or -1 with errno. */
int mime_output_end(struct mime_output *o);

#endif
