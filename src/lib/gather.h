#ifndef LIB_GATHER_H
#define LIB_GATHER_H

/* Pieces of memory gathered, so that they go out in one write. */

#include <stddef.h>
#include <sys/uio.h>

#include "lib/text_decimal.h"

#define GATHER_MAX 16    /* pieces */
#define GATHER_LENGTHS 4 /* netstrings among them */

/*
 * What is to be sent, and what of it has gone: list[begin..end).  The bytes are the
 * caller's; begin, end and lengths are 0 to begin with.  Not to be copied.
 */
struct gather {
	struct iovec list[GATHER_MAX];
	size_t begin;
	size_t end;
	char length[GATHER_LENGTHS]
		   [DECIMAL_MAX + 1]; /* of netstrings, with their colon */
	size_t lengths;
};

/* Add s[0..len); there is room for it. */
void gather_add(struct gather *g, const char *s, size_t len);

/* Add s[0..len) as a netstring, which takes three pieces. */
void gather_add_netstring(struct gather *g, const char *s, size_t len);

/* len bytes of it have gone. */
void gather_took(struct gather *g, size_t len);

#endif
