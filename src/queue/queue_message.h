#ifndef QUEUE_QUEUE_MESSAGE_H
#define QUEUE_QUEUE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/queueid.h"
#include "queue/queue_destination.h"
#include "queue/queue_file.h"

struct queue_scheduler;

/* A message of which an attempt is under way, until it is gone or deferred. */
struct queue_message {
	struct queue_message *chain; /* with the same hash */
	char id[QUEUEID_LEN + 1];
	int64_t bucket; /* where it stands, 0: in queue/new */
	struct queue_file file;
	struct queue_user
	    *users[QUEUE_CHANNELS]; /* who submitted it, where it has jobs */
	int again;      /* deliveries may have been made that nobody recorded */
	size_t jobs;    /* in line or under way */
	stralloc lines; /* of the journal, not written yet */
	int unsynced;   /* an outcome that must not be forgotten is not on the disk yet */
	size_t paused;  /* recipients passed over, for their destination is paused, */
	unsigned resumes;   /* since so many resumptions */
	int put_off;        /* somebody said Z, it is not only our own trouble */
	int64_t not_before; /* deadline_now(): its destination is down till then */
	int delays;         /* the report under way is of delays */
	int before_attempt; /* and an attempt begins after it */
	int unreported;     /* it failed, later again */
	struct queue_message *next_report; /* that waits until fewer are being made */
	int64_t wake; /* deadline_now() at which settling is tried again, or 0 */
	size_t weight;
};

/*
 * Start an attempt: open and lock the message, and put its recipients into their lines,
 * or, when there is no room for them, the message into the backlog.  flags are those
 * below or 0.  Returns 1; 0 when there is nothing to do (it waits, is gone, active
 * already, or was moved to queue/bad,
 * queue/hold or queue/paused); QUEUE_MESSAGE_BUSY when somebody else has locked
 * it; -1 when we are in trouble ourselves, after a warning.
 */
#define QUEUE_MESSAGE_BUSY 2
#define QUEUE_START_AGAIN 1 /* deliveries may have been made that nobody recorded */
#define QUEUE_START_TAKEN 2 /* it has been taken out of the backlog */
int queue_message_start(
    struct queue_scheduler *s, int64_t bucket, const char *id, int flags);

/* Has recipient i still to be tried? */
int queue_message_is_open(const struct queue_message *m, size_t i);

/* Put the recipients that are open into their lines; settle m when there are none. */
void queue_message_route(struct queue_scheduler *s, struct queue_message *m);

/*
 * The outcome for a recipient: logged, and remembered for the journal.  via names the
 * channel in the log; ours: nobody was asked, or the answer was lost.
 */
void queue_message_answer(struct queue_scheduler *s, struct queue_message *m,
    size_t recipient, const char *via, char letter, const char *status, const char *text,
    int ours);

/* Not now, for all recipients of job from job->which[from] on. */
void queue_message_defer_job(struct queue_scheduler *s, struct queue_job *job,
    size_t from, const char *status, const char *text, int ours);

/* The job has ended: free it and, when it was the last one, settle its message. */
void queue_message_end_job(struct queue_scheduler *s, struct queue_job *job);

/*
 * The attempt is over: write down what happened, report failures, move or remove the
 * file.  A step that fails is tried again after a pause.  m may be gone afterwards.
 */
void queue_message_settle(struct queue_scheduler *s, struct queue_message *m);

/* Write m->lines to the journal.  Returns 0; -1 after a warning. */
int queue_message_write(struct queue_message *m);

/* The report under report_id is in the queue (ok), or is not. */
void queue_message_reported(
    struct queue_scheduler *s, struct queue_message *m, const char *report_id, int ok);

#endif
