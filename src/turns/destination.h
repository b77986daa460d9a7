#ifndef TURNS_DESTINATION_H
#define TURNS_DESTINATION_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "queue/route.h"
#include "turns/flow.h"
#include "turns/pace.h"
#include "turns/submitter.h"
#include "turns/task.h"
#include "turns/window.h"

/* A domain, the channel that leads there, and what its senders have for themselves. */
struct destination {
	struct table_entry entry;
	struct flow_party party; /* what waits are jobs */
	enum route_channel channel;
	size_t running;       /* jobs */
	struct task *filling; /* of the message that is being routed */
	unsigned failures;    /* attempts in a row that did not reach it */
	unsigned troubles;    /* jobs in a row that met trouble there */
	int64_t down_until;   /* deadline_now(): not tried before */
	struct window window;
	struct pace pace;
	stralloc reason; /* of the last failure, C string */
	const char *way; /* the senders' own route and address; "": none */
	char domain[];
};

struct destination_table {
	struct table all; /* by their keys */
	struct flow_room lines[ROUTE_CHANNELS];
};

/* A number for domain, a C string in lower case, in the channel, by that way. */
uint64_t destination_key(enum route_channel channel, const char *domain, const char *way);

/* The destination with the key, or null. */
struct destination *destination_find(const struct destination_table *t, uint64_t key);

/* The destination for domain by that way, made when there is none. */
struct destination *destination_get(struct destination_table *t,
    enum route_channel channel, const char *domain, const char *way);

/* All of them, as table_next. */
struct destination *destination_each(
    const struct destination_table *t, const struct destination *d);

/* Put job at the end of the line of its destination and user. */
void destination_put(struct destination_table *t, struct task *job);

/*
 * Take the next job of the channel, from a destination with less running ones than its
 * window allows, at most most (one, while it is a trial whether it is back), and not
 * faster than its rate.  Returns null when none may go, with *until, deadline_now() of
 * when the first rate allows it, INT64_MAX when no rate is in the way.
 */
struct task *destination_next(struct destination_table *t, enum route_channel channel,
    size_t most, struct pace_rates *rates, int64_t now_ms, int64_t *until);

/*
 * Take a job of d though it may be the turn of others: as destination_next, but null
 * when none of d may go.
 */
struct task *destination_more(struct destination_table *t, struct destination *d,
    size_t most, struct pace_rates *rates, int64_t now_ms);

/* Put job back at the front of its line: it was taken by _next or _more and could not go.
 */
void destination_return(struct destination_table *t, struct task *job);

/* Take a job that waits for d, of its users in turn; null when there is none. */
struct task *destination_shift(struct destination_table *t, struct destination *d);

/* It is reached: nothing is held against it any more. */
void destination_reached(struct destination *d);

/* It is down from now on, longer each time, but for most seconds. */
void destination_failed(struct destination *d, int64_t now_ms, int64_t most);

/* Free d when it has no jobs, and nothing is to be remembered: call this last. */
void destination_release(
    struct destination_table *t, struct destination *d, int64_t now_ms);

/* Forget what is down. */
void destination_forgive(struct destination_table *t);

#endif
