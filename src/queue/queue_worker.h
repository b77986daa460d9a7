#ifndef QUEUE_QUEUE_WORKER_H
#define QUEUE_QUEUE_WORKER_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "queue/queue_destination.h"

/*
 * A connection to the program that delivers: job(5), the client's side.  One job at a
 * time, any number one after the other; nothing here waits.
 */
struct queue_worker {
	int fd;
	struct queue_job *job; /* under way, or null */
	stralloc out;          /* of the job's request */
	size_t sent;
	stralloc in;     /* the part of an answer that has come */
	size_t answered; /* recipients of the job */
	int64_t until;   /* deadline_now() at which the job has failed, or an idle end */
	stralloc last;   /* the domain served last: its session may still be open */
};

/* One recipient's answer; letter, status, text are valid during the call. */
typedef void queue_answer(void *context, struct queue_job *job, size_t recipient,
    char letter, const char *status, const char *text);

#define QUEUE_WORKER_BUSY 0
#define QUEUE_WORKER_DONE 1  /* all recipients have their answers */
#define QUEUE_WORKER_LOST -1 /* the connection is of no use, errno says why */

/* Connect to the socket path without waiting.  Returns null with errno. */
struct queue_worker *queue_worker_open(const char *path);

/* Close and free it. */
void queue_worker_close(struct queue_worker *w);

/*
 * Begin the job, to be done until the time given.  Returns 0; -1 with errno when the
 * connection is gone and nothing of the job has been said, so that it can go to another
 * one.
 */
int queue_worker_begin(struct queue_worker *w, struct queue_job *job, int64_t until);

/* The job is over: keep the connection, after serving domain, until the time given. */
void queue_worker_rest(struct queue_worker *w, const char *domain, int64_t until);

/* What poll(2) is to look for. */
short queue_worker_events(const struct queue_worker *w);

/* Write and read as much as there is, and call answer for each answer. */
int queue_worker_continue(struct queue_worker *w, queue_answer *answer, void *context);

#endif
