#ifndef QUEUE_QUEUE_DESTINATION_H
#define QUEUE_QUEUE_DESTINATION_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "queue/queue_window.h"

/*
 * Deliveries wait in one line per destination: a domain, and the channel that leads
 * there.  The lines of a channel are served in turn, so that a long one does not hold up
 * the others.
 */
enum queue_channel_name { QUEUE_LOCAL, QUEUE_REMOTE, QUEUE_CHANNELS };

struct queue_message;

/*
 * What the answers to a job say of its destination: nothing; it answered, whatever it
 * thinks of recipients; the connection was lost, or it has no time for anybody; it could
 * not be reached.
 */
enum queue_judgement { QUEUE_UNJUDGED, QUEUE_REACHED, QUEUE_TROUBLED, QUEUE_UNREACHABLE };

/* Some recipients of a message at one destination, delivered together. */
struct queue_job {
	struct queue_message *message;
	struct queue_destination *destination;
	struct queue_job *next; /* in line */
	int64_t since;          /* deadline_now() of when it got into line */
	enum queue_judgement judgement;
	int64_t rest; /* seconds that the destination may be down for, when it is down */
	size_t count, room;
	size_t *which; /* indices of the recipients */
};

/* Make a job without recipients; add one; free it.  They die for lack of memory. */
struct queue_job *queue_job_make(
    struct queue_message *message, struct queue_destination *destination);
void queue_job_add(struct queue_job *job, size_t recipient);
void queue_job_free(struct queue_job *job);

struct queue_destination {
	struct queue_destination *chain;       /* with the same hash */
	struct queue_destination *next, *prev; /* in the ring of those with a line */
	enum queue_channel_name channel;
	struct queue_job *first, *last; /* the line */
	size_t waiting, running;
	int64_t moved; /* deadline_now() of when the line began, or a job left it */
	struct queue_job *filling; /* of the message that is being routed */
	unsigned failures;         /* attempts in a row that did not reach it */
	unsigned troubles;         /* jobs in a row that met trouble there */
	int64_t down_until;        /* deadline_now(): not tried before */
	struct queue_window window;
	stralloc reason; /* of the last failure, C string */
	char domain[];
};

#define QUEUE_DESTINATION_SLOTS 1024

struct queue_destinations {
	struct queue_destination *slots[QUEUE_DESTINATION_SLOTS];
	struct queue_destination *ring[QUEUE_CHANNELS]; /* whose turn it is */
	size_t count;
};

/* The destination for domain, a C string in lower case; made when there is none. */
struct queue_destination *queue_destination_get(
    struct queue_destinations *t, enum queue_channel_name channel, const char *domain);

/* Put job at the end of its destination's line. */
void queue_destination_put(
    struct queue_destinations *t, struct queue_job *job, int64_t now_ms);

/*
 * Take the next job of the channel, from a destination with less running ones than its
 * window allows, at most most (one, while it is a trial whether it is back).  Returns
 * null when none may go.
 */
struct queue_job *queue_destination_next(struct queue_destinations *t,
    enum queue_channel_name channel, size_t most, int64_t now_ms);

/* Put job back at the front of the line: it was taken by _next and could not go. */
void queue_destination_return(struct queue_destinations *t, struct queue_job *job);

/* Take the first job of d's line, whoever's turn it is; null when the line is empty. */
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
