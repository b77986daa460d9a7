#ifndef MIME_MIME_CONTENT_H
#define MIME_MIME_CONTENT_H

/* What a piece of a message holds, as far as its transport is concerned. */

#include <stddef.h>

struct mime_content {
	size_t octets;
	size_t eight_bit; /* how many of them */
	size_t escapes;   /* others that quoted-printable writes as three */
	size_t longest;   /* line, without its end */
	int is_binary;    /* NUL, or a CR within a line */
};

void mime_content_look(struct mime_content *c, const char *s, size_t len);

/* How the first line of s[0..len) ends: "\r\n" or "\n". */
const char *mime_content_eol(const char *s, size_t len);

/*
 * Is quoted-printable half as long again as base64 for it, or more?  Text that is mostly
 * ASCII stays legible, and filters think ill of text in base64.
 */
int mime_content_wants_base64(const struct mime_content *c);

/* The delimiter lines of a multipart: RFC 2046, 5.1.1. */
struct mime_content_delimiter {
	const char *before; /* where it begins, with the line end that belongs to it */
	const char *line;   /* where its line begins */
	const char *after;  /* where the next one begins */
	int is_last;
};

/*
 * The first delimiter line of boundary in s[0..len), which begins a line.  A line is one
 * when there is nothing but blanks behind the boundary.  Returns 0 when there is none.
 */
int mime_content_delimiter(struct mime_content_delimiter *d, const char *s, size_t len,
    const char *boundary, size_t boundary_len);

#endif
