#ifndef FINDING_SETTLED_H
#define FINDING_SETTLED_H

/* The messages that were settled last, in a ring. */

#include <stddef.h>
#include <stdint.h>

#include "lib/queueid.h"

#define SETTLED_MAX 4096

/* Zeroed to begin with. */
struct settled {
	struct settled_message {
		int64_t time; /* deadline_now() */
		char id[QUEUEID_LEN + 1];
	} ring[SETTLED_MAX];
	size_t next;
};

/* Remember one, and forget the oldest. */
void settled_put(struct settled *s, const char *id, int64_t now_ms);

/* Is it among them? */
int settled_has(const struct settled *s, const char *id);

/* The n-th last one, from 0; null when there is none, or it was settled before since. */
const char *settled_last(const struct settled *s, size_t n, int64_t since);

#endif
