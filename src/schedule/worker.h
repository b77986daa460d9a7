#ifndef SCHEDULE_WORKER_H
#define SCHEDULE_WORKER_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/outcome.h"
#include "turns/destination.h"

#define WORKER_JOBS_MAX 64 /* at the same time */

/*
 * A connection to the program that delivers: job(5), the client's side.  Any number of
 * jobs one after the other, several of them under way, which are answered in their order;
 * nothing here waits.
 */
struct worker {
	int fd;
	struct task *jobs[WORKER_JOBS_MAX]; /* under way: a ring */
	size_t first, count;
	size_t said;           /* of them, those whose requests have been written */
	int is_torn;           /* of the next one a part has been */
	stralloc out;          /* requests, */
	size_t sent;           /* of which so many bytes have been written */
	stralloc in;           /* answers that have come, */
	size_t taken;          /* of which so many bytes have been read */
	struct outcome answer; /* the last one that was whole */
	size_t answered;       /* recipients of the first job */
	int64_t until; /* deadline_now() at which that has failed, or an idle end */
	int64_t turn;  /* deadline_now() when a job was given to it in its turn, */
	unsigned more; /* and how many since that followed it in its session */
	uint64_t last; /* the key of the destination served last: its session may still be
			  open */
};

/* One recipient's answer, valid during the call. */
typedef void worker_answer(
    void *context, struct task *job, size_t recipient, const struct outcome *o);

#define WORKER_BUSY 0
#define WORKER_DONE 1  /* all recipients of the first job have their answers */
#define WORKER_LOST -1 /* the connection is of no use, errno says why */

/* Connect to the socket path without waiting.  Returns null with errno. */
struct worker *worker_open(const char *path);

/* Close and free it. */
void worker_close(struct worker *w);

/*
 * Begin the job, beside fewer than WORKER_JOBS_MAX others.  Returns 0; -1 with errno when
 * the connection is gone and nothing of the job has been said, so that it can go to
 * another one.
 */
int worker_begin(struct worker *w, struct task *job);

/* The first of the jobs, which is to be answered next; null when none is under way. */
struct task *worker_job(const struct worker *w);

/* The first job is over, or has failed. */
void worker_end(struct worker *w);

/*
 * Take back the last job if nothing of it has been said, or, with said, in any case: then
 * w is of no use any more.  Returns null when there is no such job.
 */
struct task *worker_take_back(struct worker *w, int said);

/* What poll(2) is to look for. */
short worker_events(const struct worker *w);

/*
 * Write and read as much as there is, and call answer for each answer, until the first
 * job has all of them.
 */
int worker_continue(struct worker *w, worker_answer *answer, void *context);

#endif
