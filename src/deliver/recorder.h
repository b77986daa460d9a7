#ifndef DELIVER_RECORDER_H
#define DELIVER_RECORDER_H

/* The records of prepared deliveries that the queue's service keeps: queue-socket(5). */

#include <poll.h>
#include <stdint.h>

#include <stralloc.h>

#define RECORDER_SOCKET "run/queue.sock" /* in the home */

/* A connection to the service, opened when it is needed. */
struct recorder {
	int fd; /* -1: not connected */
	stralloc record, out, in;
	size_t sent;
	int is_asked;         /* an answer is due */
	int64_t until;        /* by then */
	int64_t retry_at;     /* not before is another connection tried */
	int state;            /* of the last try */
	unsigned missing;     /* tries to which there was no socket */
	uint64_t connections; /* that have been made */
};

#define RECORDER_NONE 0 /* this home has no such service */
#define RECORDER_AWAY 1 /* it has, but nobody answers */
#define RECORDER_UP 2

/* Of a struct in any state. */
void recorder_begin(struct recorder *p);

/* Is it there?  Connects when it is not connected, and it is time to try; never waits. */
int recorder_state(struct recorder *p);

/*
 * Ask for one thing, while nothing else is asked (is_asked): was the message id prepared
 * for mailbox, or the one of which it was made, origin, which may be the same?
 */
void recorder_ask(
    struct recorder *p, const char *id, const char *origin, const char *mailbox);

/*
 * Or to keep a record, of both: of all that was added since the last one, until that is
 * full.
 */
void recorder_add(
    struct recorder *p, const char *id, const char *origin, const char *mailbox);
int recorder_is_full(const struct recorder *p);
void recorder_record(struct recorder *p);

/* It had no room for it: no other record before retry_at. */
void recorder_pause(struct recorder *p);

/*
 * Say what is to be said, and hear.  Returns 1 when the answer has come: K for a record
 * that is on the disk; for a question 0 not prepared, 1 prepared since the machine has
 * begun to run, 2 before; Z for either: it is not able to.  0 when there is none yet; -1
 * when nothing was asked, or the connection is lost, also by the time being over: then
 * nothing is known about what was asked.
 */
int recorder_hear(struct recorder *p, char *answer);

/* What poll(2) is to look for. */
struct pollfd recorder_poll(const struct recorder *p);

#endif
