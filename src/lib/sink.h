#ifndef LIB_SINK_H
#define LIB_SINK_H

#include <stddef.h>

#include <stralloc.h>

#include "lib/queue_client.h"
#include "lib/sink_program.h"

/*
 * A sink at work, sink(5): a program, with qmail-queue's interface, or the service behind
 * a socket.
 */
struct sink {
	struct queue_client *client; /* own, or lent; null when it is a program */
	struct queue_client own;
	struct sink_program program;
	const char *last; /* the last piece of the message, the caller's */
	size_t last_len;
};

/* Is argv a service, unix:PATH or filter:PATH, and no program? */
int sink_is_service(const char *const *argv);

/* The path of the socket of one that is no filter; else null. */
const char *sink_service_path(const char *const *argv);

/* Is it a filter, filter:PATH, which is told of the message? */
int sink_is_filter(const char *const *argv);

/*
 * Start argv as a sink: a program with its arguments; or unix:PATH, the socket of a
 * service that takes messages, queue-socket(5); or filter:PATH, one that is told of
 * them what our environment says now, and connected to with the first piece.  Each gets
 * the message ID in QUEUEID. Returns 0, or -1 with errno.  The caller ignores SIGPIPE: a
 * sink may end before it has read everything.
 */
int sink_start(struct sink *sink, const char *const *argv);

/*
 * The same; a service but a filter is spoken to on kept when that is open, and its
 * connection stays there for the next message.  It is for one argv, and the caller closes
 * it at the end.
 */
int sink_start_kept(
    struct sink *sink, const char *const *argv, struct queue_client *kept);

/*
 * The same with a filter, which is told told, of the form of lib/sink_told, instead of
 * what our environment says.
 */
int sink_start_told(struct sink *sink, const char *const *argv, const stralloc *told);

/*
 * Write a piece of the message, waiting at most seconds for each step.  Returns 0, or -1
 * with errno: EPIPE when the sink does not want the rest; sink_finish tells why.  After
 * any other it is to be aborted.
 */
int sink_write(struct sink *sink, const char *s, size_t len, unsigned seconds);

/*
 * Here is the last piece: it is written by sink_finish, until which it has to be kept.
 * That spares a service a wake-up.
 */
void sink_last(struct sink *sink, const char *s, size_t len);

/*
 * End the message, hand over envelope[0..len), read the report and wait for the end,
 * altogether at most seconds; a program that takes longer is killed.  report gets
 * its words without the first letter, made printable (on ACCEPT the message ID, when it
 * told one).  Returns ACCEPT, REJECT or DEFER; exit codes 82 and 88 with a `D` in the
 * report are REJECT.  One that did not want all of the message has not accepted it.
 */
int sink_finish(struct sink *sink, const char *envelope, size_t len, stralloc *report,
    unsigned seconds);

/*
 * End without an envelope, so that nothing is committed, and wait for it; one that does
 * not end is killed.
 */
void sink_abort(struct sink *sink);

#endif
