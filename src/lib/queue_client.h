#ifndef LIB_QUEUE_CLIENT_H
#define LIB_QUEUE_CLIENT_H

/* Messages handed over to the queue's service: queue-socket(5), the client's side. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/queueid.h"

#define QUEUE_CLIENT_PIECE_MAX 1048576 /* bytes of one netstring of the message */

/* A connection to the service.  It carries any number of messages, one after the other.
 */
struct queue_client {
	int is_open;
	int fd;                   /* -1 when it is not */
	const char *path;         /* of its socket; the caller's */
	int is_proved;            /* it has carried a message */
	int is_said;              /* of the message under way something has been said */
	int is_cut;               /* and the service does not want all of it */
	char id[QUEUEID_LEN + 1]; /* its ID; empty: the service makes one */
	const char *last;         /* its last piece, the caller's */
	size_t last_len;
	stralloc told; /* what is to be said before it: "E" and what a filter is told */
};

#define QUEUE_CLIENT_CLOSED                                                              \
	{                                                                                \
		.fd = -1                                                                 \
	} /* to begin with, or zeroed */

/*
 * Connect to the service behind path, which must outlive the connection; one that is open
 * is closed.  Returns 0, or -1 with errno: ENOENT or ECONNREFUSED where there is none.
 */
int queue_client_open(struct queue_client *c, const char *path);

/*
 * The same with the first that is said, which saves the service a wake-up.
 */
void queue_client_open_later(struct queue_client *c, const char *path);

/*
 * Begin a message on an open connection.  id may be null or empty.  What is not an ID is
 * not handed over.
 */
void queue_client_begin(struct queue_client *c, const char *id);

/*
 * Tell it s[0..len) of the message that has been begun, lib/sink_told.  Dies with DEFER
 * when memory is short.
 */
void queue_client_tell(struct queue_client *c, const char *s, size_t len);

/*
 * Hand over a piece of the message, waiting at most seconds for each step.  Returns 0, or
 * -1 with errno: EPIPE when the service does not want the rest, and queue_client_end
 * tells why.  A connection that it has closed since the last message is opened anew,
 * once.
 */
int queue_client_write(
    struct queue_client *c, const char *s, size_t len, unsigned seconds);

/*
 * Here is the last piece: it goes with the end, in one write, and has to be kept until
 * then.
 */
void queue_client_last(struct queue_client *c, const char *s, size_t len);

/*
 * End the message, hand over its envelope[0..len) (sink(5)) and wait for the answer,
 * altogether at most seconds.  Returns ACCEPT when the message is durable, and report is
 * its ID then; or REJECT or DEFER, with the reason in report, made printable.  The
 * connection stays open when it is fit for another message, else fd is -1.
 */
int queue_client_end(struct queue_client *c, const char *envelope, size_t len,
    stralloc *report, unsigned seconds);

/* Give the message up: nothing is committed. */
void queue_client_abort(struct queue_client *c);

/* End the connection, if there is one.  Memory is kept, for another. */
void queue_client_close(struct queue_client *c);

/* The same, and free what it holds. */
void queue_client_free(struct queue_client *c);

#endif
