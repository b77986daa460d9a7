#ifndef LIB_MAILDIRSIZE_PARSE_H
#define LIB_MAILDIRSIZE_PARSE_H

/* The parsing of the file maildirsize. */

#include <stddef.h>

#define MAILDIRSIZE_MAX 5120 /* bytes at which the file is made anew: Maildir++ */

struct maildirsize {
	unsigned long long quota; /* in bytes; 0: none */
	long long bytes;          /* the sums */
	long long messages;
	size_t lines; /* that were summed */
};

/*
 * Parse s[0..len), the whole content of a maildirsize.  Returns 1; 0 when it is malformed
 * or its last line is torn, so that it must be made anew.
 */
int maildirsize_parse(struct maildirsize *size, const char *s, size_t len);

#endif
