#ifndef ORIGIN_KEPT_H
#define ORIGIN_KEPT_H

/* The beginning of a message, or all of it, kept until it is known what to put above it.
 */

#include <stddef.h>

#include "lib/spool.h"

#define KEPT_MEMORY 262144 /* bytes in memory; what is more waits in a file */
#define KEPT_ABOVE 16384   /* bytes that may be put above them */

/* Zeroed to begin with. */
struct kept {
	int is_spooling;
	size_t above; /* bytes that stand above, at the end of their part of s */
	size_t len;   /* of what is kept behind that part */
	char s[KEPT_ABOVE + KEPT_MEMORY];
	struct spool spool;
};

/* Keep s[0..len) behind what is kept.  Returns 0, or -1 with errno. */
int kept_put(struct kept *kept, const char *s, size_t len);

/* Has so much more room in memory? */
int kept_has_room(const struct kept *kept, size_t len);

/* Put s[0..len) above all of it, once.  Returns 0, or -1 when it is too long. */
int kept_put_above(struct kept *kept, const char *s, size_t len);

/* What is kept in memory, with what stands above it; sets *len. */
const char *kept_memory(const struct kept *kept, size_t *len);

/*
 * Give all of it, in order, to pass(to, s, len), which returns 0 to go on; then forget
 * it. What is given last in memory stays there until kept is used again.  Returns what
 * pass did, or -1 with errno.
 */
int kept_pass(
    struct kept *kept, int (*pass)(void *to, const char *s, size_t len), void *to);

/* Forget all of it. */
void kept_clear(struct kept *kept);

#endif
