#ifndef ONWARD_FORWARD_TALK_H
#define ONWARD_FORWARD_TALK_H

/* A small message handed over to the queue's service, without waiting for it. */

#include <poll.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/queue_answer.h"

/* A connection, which is kept from one message to the next. */
struct forward_talk {
	int fd;             /* -1 when there is none */
	const char *path;   /* of the socket, the caller's */
	int is_connected;   /* for the message at hand */
	int is_kept;        /* by a connection of one before */
	int is_cut;         /* the service does not want all of it */
	const char *id;     /* of the message, the caller's */
	stralloc out;       /* the request */
	size_t sent;        /* bytes of that */
	stralloc words;     /* of the answer: a C string */
	int64_t until;      /* it has to be there */
	int64_t connect_at; /* when the next try is due */
	size_t len;         /* bytes of in */
	char in[QUEUE_ANSWER_ROOM];
};

/* Of a struct in any state. */
void forward_talk_init(struct forward_talk *t, const char *path);

/*
 * Begin the message id, len bytes long.  Returns where the caller is to put these bytes;
 * then comes forward_talk_end.
 */
char *forward_talk_begin(struct forward_talk *t, const char *id, size_t len);

/* Here is the rest: the message has its len bytes, and this is its envelope. */
void forward_talk_end(
    struct forward_talk *t, size_t len, const char *envelope, size_t envelope_len);

/*
 * Do what can be done without waiting.  Returns 1 when it is over, and then verdict is
 * set and t->words; 0 when it is not; -1 with errno when the service can't be reached.
 */
int forward_talk_go_on(struct forward_talk *t, int *verdict);

/* What poll(2) is to look for; lowers *until to when it is to go on anyway. */
struct pollfd forward_talk_poll(const struct forward_talk *t, int64_t *until);

/* Give it up: nothing is committed if its envelope has not gone. */
void forward_talk_abort(struct forward_talk *t);

#endif
