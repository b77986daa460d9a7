#ifndef TURNS_TASK_H
#define TURNS_TASK_H

/* A job for a worker, and what its answers say of the destination. */

#include <stddef.h>
#include <stdint.h>

#include "turns/ring.h"

struct destination;
struct message;
struct submitter;

/*
 * What the answers to a job say of its destination: nothing; it answered, whatever it
 * thinks of recipients; the connection was lost, or it has no time for anybody; it could
 * not be reached.
 */
enum task_judgement { TASK_UNJUDGED, TASK_REACHED, TASK_TROUBLED, TASK_UNREACHABLE };

/* Some recipients of a message at one destination, delivered together. */
struct task {
	struct message *message;
	struct destination *destination;
	struct submitter *user;
	struct ring ring; /* in line */
	int64_t since;    /* deadline_now() at which a worker got it */
	size_t unsaid;    /* bytes of its request that the worker has not written yet */
	int is_apart;     /* for one recipient, at whom a session ended before */
	int is_alone;     /* no other job goes with it on the same connection */
	enum task_judgement judgement;
	int64_t rest; /* seconds that the destination may be down for, when it is down */
	size_t count;
	size_t *which; /* indices of the recipients */
};

/* Make a job without recipients; add one; free it.  They die for lack of memory. */
struct task *task_make(
    struct message *message, struct destination *destination, struct submitter *user);
void task_add(struct task *job, size_t recipient);
void task_free(struct task *job);

/* The first n of its recipients, not all, are done. */
void task_drop(struct task *job, size_t n);

#endif
