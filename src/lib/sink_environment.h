#ifndef LIB_SINK_ENVIRONMENT_H
#define LIB_SINK_ENVIRONMENT_H

/* What a sink finds in its environment of the session: sink(5). */

#include "lib/policies.h"

#define SINK_ENVIRONMENT_RECIPIENTS_MAX 65536 /* bytes: Linux takes 131072 a variable */

/* What is known of a message besides. */
struct sink_environment {
	const char *helo;           /* what the client says it is; or null */
	const char *sender;         /* "" for <> */
	const stralloc *recipients; /* each ended by LF */
	const struct policies *policies;
};

/*
 * Set SMTPHELO, SENDER, RECIPIENTS and the results of the policies, for the sink argv
 * that is about to be started, and is told of them.  Returns 0, or -1 with
 * errno.
 */
int sink_environment_set(const struct sink_environment *e, const char *const *argv);

/* The sink has been started: those of this message are no more. */
void sink_environment_clear(const struct sink_environment *e, const char *const *argv);

/*
 * Append the same, and what our environment says of the session, for a filter that is
 * about to be started by sink_start_told: so nothing is to be set.  Returns 0, or -1 with
 * errno.
 */
int sink_environment_tell(const struct sink_environment *e, stralloc *told);

#endif
