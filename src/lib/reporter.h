#ifndef LIB_REPORTER_H
#define LIB_REPORTER_H

/* Who sends reports: `ORGANISATION` or `ORGANISATION <ADDRESS>`, as control files say. */

#include <stddef.h>

#include <stralloc.h>

struct reporter {
	const char *name; /* in what was scanned */
	size_t name_len;
	const char *address; /* null when there is none */
	size_t address_len;
};

/* Take the line s[0..len) apart.  Returns 1, or 0 when it is malformed. */
int reporter_scan(struct reporter *reporter, const char *s, size_t len);

/*
 * Append a From field, "\n" included: the C string name, if it needs no encoding, and the
 * address.  Dies with DEFER when memory is short.
 */
void reporter_put_from(stralloc *message, const char *name, const char *address);

#endif
