#ifndef SUBMIT_SUBMIT_LINES_H
#define SUBMIT_SUBMIT_LINES_H

/* The line ends of a program that speaks SMTP to us. */

#include <stddef.h>

#include <stralloc.h>

/* Zeroed to begin with. */
struct submit_lines {
	enum { SUBMIT_LINES_UNKNOWN, SUBMIT_LINES_CRLF, SUBMIT_LINES_LF } kind;
	char last;
};

/*
 * Append s[0..len), of the stream that lines knows, to out.  Whoever ends his first line
 * with LF alone means CRLF by it: he gets that; of others nothing is changed.  Dies with
 * DEFER when memory is short.
 */
void submit_lines_put(
    struct submit_lines *lines, stralloc *out, const char *s, size_t len);

#endif
