#ifndef MIME_MIME_TYPE_H
#define MIME_MIME_TYPE_H

/* The value of a Content-Type field: RFC 2045, 5.1. */

#include <stddef.h>

#define MIME_TYPE_NAME_MAX 127     /* RFC 6838, 4.2 */
#define MIME_TYPE_BOUNDARY_MAX 250 /* RFC 2046, 5.1.1 has 70; there are longer ones */

/* Names in lower case.  A malformed value is text/plain: RFC 2045, 5.2. */
struct mime_type {
	char top[MIME_TYPE_NAME_MAX + 1];
	char sub[MIME_TYPE_NAME_MAX + 1];
	char boundary[MIME_TYPE_BOUNDARY_MAX + 1]; /* empty: none that can be used */
	size_t boundary_len;
};

/* What the value s[0..len), which may be folded, says. */
void mime_type_parse(struct mime_type *type, const char *s, size_t len);

/* Is it top/sub, or top/ANYTHING where sub is null? */
int mime_type_is(const struct mime_type *type, const char *top, const char *sub);

/*
 * Skip blanks, folds and comments (RFC 5322, 3.2.2) at s[at..len); returns where the rest
 * begins.
 */
size_t mime_type_skip(const char *s, size_t len, size_t at);

/* The length of the token (RFC 2045, 5.1) at s[at..len). */
size_t mime_type_token(const char *s, size_t len, size_t at);

#endif
