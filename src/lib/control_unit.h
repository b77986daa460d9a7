#ifndef LIB_CONTROL_UNIT_H
#define LIB_CONTROL_UNIT_H

/* The numbers of control files, and the units that they may have. */

#include <stddef.h>

enum control_unit {
	CONTROL_UNIT_NONE,
	CONTROL_UNIT_BYTES,  /* K, M and G: 1024, its square and its cube */
	CONTROL_UNIT_SECONDS /* s, m, h, d and w: up to weeks */
};

/* That of the number in control/name, for which "control/" may stand before it. */
enum control_unit control_unit_of(const char *name);

/*
 * Read s[0..len), digits with perhaps one letter behind.  Returns 1 with *n, which is at
 * most max; or 0, and *n is as it was.
 */
int control_unit_scan(enum control_unit unit, const char *s, size_t len,
    unsigned long long max, unsigned long long *n);

/* What one says of what is no such number: "not a number of bytes, as 50M is". */
const char *control_unit_wrong(enum control_unit unit);

#endif
