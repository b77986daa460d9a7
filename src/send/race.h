#ifndef SEND_RACE_H
#define SEND_RACE_H

/* A connection to the first of several addresses that answers: RFC 8305. */

#include <stddef.h>
#include <stdint.h>

#include "lib/bind_address.h"

#define RACE_MAX 20 /* addresses */
#define RACE_DELAY                                                                       \
	250 /* milliseconds until the next one is tried beside: RFC 8305, 5              \
	     */
#define RACE_SLOW_SECONDS 300 /* for so long a family that lost comes last */

/* What is remembered from one race to the next.  Zeroed to begin with. */
struct race_memory {
	int64_t ip4_until,
	    ip6_until; /* deadline_now(): the family comes last until then */
};

struct race {
	const unsigned char (*ip)[16]; /* IPv4 as ::ffff:a.b.c.d; in their order */
	size_t n;                      /* at most RACE_MAX */
	unsigned port;
	const struct bind_address *source; /* from which addresses of ours */
	unsigned seconds;                  /* that each may take */

	size_t winner;
	int error[RACE_MAX];   /* of each, an errno; 0: it has not failed */
	int is_ours[RACE_MAX]; /* what failed was the use of our own address */
};

/*
 * Connect: one address after the other, the next as soon as the one before has failed or
 * has taken RACE_DELAY; the first that answers wins.  Returns its descriptor,
 * non-blocking, with winner set; or -1 when all have failed.
 */
int race_run(struct race *race, struct race_memory *memory);

#endif
