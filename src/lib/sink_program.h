#ifndef LIB_SINK_PROGRAM_H
#define LIB_SINK_PROGRAM_H

/* A program at work as a sink: qmail-queue's interface, sink(5). */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

struct sink_program {
	pid_t pid;
	int message;  /* write the message here; non-blocking, for sink_program_write */
	int envelope; /* then the envelope here */
	int report;   /* read what it says here: it was given as its 4 and 6 */
	int is_cut;   /* it does not want all of the message */
};

/* What ends a message: its last piece, which may be empty, and the envelope. */
struct sink_program_end {
	const char *last;
	size_t last_len;
	const char *envelope;
	size_t envelope_len;
};

/* Start argv.  Returns 0, or -1 with errno.  SIGPIPE is to be ignored. */
int sink_program_start(struct sink_program *sink, const char *const *argv);

/* As sink_write, sink_finish and sink_abort. */
int sink_program_write(
    struct sink_program *sink, const char *s, size_t len, unsigned seconds);
int sink_program_finish(struct sink_program *sink, const struct sink_program_end *end,
    stralloc *report, unsigned seconds);
void sink_program_abort(struct sink_program *sink);

#endif
