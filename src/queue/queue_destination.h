#ifndef QUEUE_QUEUE_DESTINATION_H
#define QUEUE_QUEUE_DESTINATION_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "queue/queue_job.h"
#include "queue/queue_line.h"
#include "queue/queue_pace.h"
#include "queue/queue_user.h"
#include "queue/queue_window.h"

/* A domain, and the channel that leads there. */
enum queue_channel_name { QUEUE_LOCAL, QUEUE_REMOTE, QUEUE_CHANNELS };

struct queue_destination {
	struct queue_party party; /* first: a party of this side is a destination */
	struct queue_destination *chain; /* with the same hash */
	uint64_t key;
	enum queue_channel_name channel;
	size_t waiting, running;   /* jobs */
	struct queue_job *filling; /* of the message that is being routed */
	unsigned failures;         /* attempts in a row that did not reach it */
	unsigned troubles;         /* jobs in a row that met trouble there */
	int64_t down_until;        /* deadline_now(): not tried before */
	struct queue_window window;
	struct queue_pace pace;
	stralloc reason; /* of the last failure, C string */
	char domain[];
};

#define QUEUE_DESTINATION_SLOTS 1024

struct queue_destinations {
	struct queue_destination *slots[QUEUE_DESTINATION_SLOTS];
	struct queue_lines lines[QUEUE_CHANNELS];
	size_t count;
};

/* A number for domain, a C string in lower case, in the channel. */
uint64_t queue_destination_key(enum queue_channel_name channel, const char *domain);

/* The destination with the key, or null. */
struct queue_destination *queue_destination_find(
    const struct queue_destinations *t, uint64_t key);

/* The destination for domain, made when there is none. */
struct queue_destination *queue_destination_get(
    struct queue_destinations *t, enum queue_channel_name channel, const char *domain);

/* Put job at the end of the line of its destination and user. */
void queue_destination_put(struct queue_destinations *t, struct queue_job *job);

/*
 * Take the next job of the channel, from a destination with less running ones than its
 * window allows, at most most (one, while it is a trial whether it is back), and not
 * faster than its rate.  Returns null when none may go, with *until, deadline_now() of
 * when the first rate allows it, INT64_MAX when no rate is in the way.
 */
struct queue_job *queue_destination_next(struct queue_destinations *t,
    enum queue_channel_name channel, size_t most, struct queue_rates *rates,
    int64_t now_ms, int64_t *until);

/* Put job back at the front of its line: it was taken by _next and could not go. */
void queue_destination_return(struct queue_destinations *t, struct queue_job *job);

/* Take a job that waits for d, of its users in turn; null when there is none. */
struct queue_job *queue_destination_shift(
    struct queue_destinations *t, struct queue_destination *d);

/* It is reached: nothing is held against it any more. */
void queue_destination_reached(struct queue_destination *d);

/* It is down from now on, longer each time, but for most seconds. */
void queue_destination_failed(struct queue_destination *d, int64_t now_ms, int64_t most);

/* Free d when it has no jobs, and nothing is to be remembered: call this last. */
void queue_destination_release(
    struct queue_destinations *t, struct queue_destination *d, int64_t now_ms);

/*
 * An answer for a recipient of job, K, Z or D with its status and text.  Only remote
 * destinations are judged.  The recipient's message waits interval seconds for its next
 * attempt: the destination is not down for longer.
 */
void queue_destination_judge(struct queue_job *job, int64_t interval, char letter,
    const char *status, const char *text);

/*
 * All answers to job are there, it still counts as running: what they say of its
 * destination, of which there may be most jobs at the same time, is taken in.
 */
void queue_destination_conclude(const struct queue_job *job, int64_t now_ms, size_t most);

/* Forget what is down. */
void queue_destination_forgive(struct queue_destinations *t);

#endif
