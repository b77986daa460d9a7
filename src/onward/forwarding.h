#ifndef ONWARD_FORWARDING_H
#define ONWARD_FORWARDING_H

/* The messages that are being handed to the sink, while others are delivered. */

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "onward/forward.h"
#include "onward/forward_child.h"
#include "onward/forward_talk.h"

#define FORWARDING_MAX 8 /* at a time: a connection, or a child, for each */

enum forwarding_stage {
	FORWARDING_NONE,
	FORWARDING_TALK,
	FORWARDING_CHILD,
	FORWARDING_OVER
};

struct forwarding_place {
	struct forward forward; /* the caller's to fill in */
	void *owner;            /* and this, which is not looked at */
	/* of its own: */
	enum forwarding_stage stage;
	struct forward_talk talk;
	struct forward_child child;
};

struct forwarding {
	const char *const *sink; /* argv of who takes it, the caller's: lib/sink.h */
	struct forwarding_place places[FORWARDING_MAX];
};

/* Of a struct in any state. */
void forwarding_init(struct forwarding *fs, const char *const *sink);

/* A place for another one; null when there are enough. */
struct forwarding_place *forwarding_take(struct forwarding *fs);

/* Hand over what has been filled in, for those who are in users. */
void forwarding_begin(
    struct forwarding *fs, struct forwarding_place *p, struct users *users);

/* Do what can be done without waiting. */
void forwarding_turn(struct forwarding *fs);

/* One that is over, with its answer, or null.  It is to be given back. */
struct forwarding_place *forwarding_over(struct forwarding *fs);
void forwarding_give_back(struct forwarding_place *p);

/* Nobody wants those of the owner any more. */
void forwarding_abort(struct forwarding *fs, const void *owner);

/*
 * What poll(2) is to look for, FORWARDING_MAX of them.  Returns the time of deadline_now
 * at which the next turn is due anyway, INT64_MAX for none.
 */
int64_t forwarding_poll(const struct forwarding *fs, struct pollfd *polled);

#endif
