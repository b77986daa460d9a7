#ifndef LIB_POLICY_ENVIRONMENT_H
#define LIB_POLICY_ENVIRONMENT_H

#include <stddef.h>

#include <stralloc.h>

/*
 * What a policy behind a socket is told of a connection, policy(5): the line "env
 * NAME=VALUE...", values in xtext (RFC 3461, 4).
 */

#define POLICY_ENVIRONMENT_MAX 4096 /* bytes of the line */
#define POLICY_VARIABLES_MAX 64

/* Does pair, NAME=VALUE, tell of a connection? */
int policy_environment_is_told(const char *pair);

/* Append the line about this process's environment, with "\n".  Returns 0, -1 with E2BIG.
 */
int policy_environment_put(stralloc *line);

/* What was told: in the form of environ.  Zeroed to begin with. */
struct policy_environment {
	stralloc told; /* the variables, each ended by \0 */
	char *variables[POLICY_VARIABLES_MAX + 1];
};

/*
 * Take what follows "env" in a line, s[0..len), in place of what was told before.
 * Returns 1, or 0 when it is malformed.  Dies with DEFER when memory is short.
 */
int policy_environment_take(struct policy_environment *e, const char *s, size_t len);

void policy_environment_free(struct policy_environment *e);

#endif
