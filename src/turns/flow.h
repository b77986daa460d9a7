#ifndef TURNS_FLOW_H
#define TURNS_FLOW_H

/* The waiting room: who waits in lines, and whose turn it is. */

#include <stddef.h>

#include "turns/ring.h"
#include "turns/table.h"

/*
 * There is one line for each submitting user at each destination.  The next one is taken
 * by turns from the destination, and from the user, whose turn it is: who has
 * only a few messages is soon served, be it that all others are for one destination or
 * that all others are of one user.  What waits has a struct ring.
 */
enum flow_side { FLOW_BY_DESTINATION, FLOW_BY_USER, FLOW_SIDES };

/* What a destination and a user have in common: lines. */
struct flow_party {
	struct ring ring;  /* of those with lines */
	struct ring *turn; /* its lines, null: it has none */
	size_t count;      /* how much waits in them */
};

struct flow {
	struct table_entry entry;
	struct flow_party *party[FLOW_SIDES];
	struct ring ring[FLOW_SIDES]; /* of the party's lines */
	struct ring *first;           /* what waits */
	size_t count;
};

/* All lines of a waiting room.  Zeroed to begin with. */
struct flow_room {
	struct table lines;
	struct ring *turn[FLOW_SIDES]; /* parties */
	enum flow_side side;           /* who was served last */
};

/* The line of both, or null. */
struct flow *flow_find(const struct flow_room *l, const struct flow_party *destination,
    const struct flow_party *user);

/* Put node at the end of the line of both, or at the front.  They die for lack of memory.
 */
void flow_put(struct flow_room *l, struct flow_party *destination,
    struct flow_party *user, struct ring *node);
void flow_return(struct flow_room *l, struct flow_party *destination,
    struct flow_party *user, struct ring *node);

/* Take the first one, or the last one, out of the line, which goes when it is empty. */
struct ring *flow_shift(struct flow_room *l, struct flow *line);
struct ring *flow_cut(struct flow_room *l, struct flow *line);

/* Take node out of the line, in which it is. */
void flow_remove(struct flow_room *l, struct flow *line, struct ring *node);

/* The line in a party's ring, of that side. */
struct flow *flow_line(const struct ring *node, enum flow_side side);

/* May the first of the line go now? */
typedef int flow_may(void *context, const struct flow *line);

/*
 * Take the one whose turn it is; null when none may go.  asks_user says that may asks not
 * only about the destination, but about the user and who waits too: then the line is
 * looked at whose turn it is at each, and no other, for there can be very many.
 */
struct ring *flow_next(struct flow_room *l, int asks_user, flow_may *may, void *context);

#endif
