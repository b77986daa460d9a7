#ifndef LIB_SINK_H
#define LIB_SINK_H

#include <sys/types.h>

#include <stralloc.h>

/* A running sink: qmail-queue's interface, sink(5). */
struct sink {
	pid_t pid;
	int message;  /* write the message here; non-blocking, for deadline_write */
	int envelope; /* then the envelope here */
	int report;   /* read what it says here: it was given as its 4 and 6 */
};

/*
 * Start argv as a sink.  Returns 0, or -1 with errno.  The caller ignores SIGPIPE: a sink
 * may end before it has read everything.
 */
int sink_start(struct sink *sink, const char *const *argv);

/*
 * End the message, hand over envelope[0..len), read the report and wait for the end,
 * altogether at most seconds; a sink that takes longer is killed.  report gets
 * its words without the first letter, made printable (on ACCEPT the message ID, when it
 * told one).  Returns ACCEPT, REJECT or DEFER; exit codes 82 and 88 with a `D` in the
 * report are REJECT.
 */
int sink_finish(struct sink *sink, const char *envelope, size_t len, stralloc *report,
    unsigned seconds);

/*
 * End without an envelope, so that nothing is committed, and wait for it; one that does
 * not end is killed.
 */
void sink_abort(struct sink *sink);

#endif
