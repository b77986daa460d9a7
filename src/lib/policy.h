#ifndef LIB_POLICY_H
#define LIB_POLICY_H

/* One policy of a session, and a question to it. */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/policy_answer.h"

#define POLICY_WORDS_MAX 15     /* of its command */
#define POLICY_FIELDS_MAX 16384 /* bytes of all fields added to one message */
#define POLICY_SECONDS 60       /* for one answer */

/* What has come of its answers and has not been taken yet. */
struct policy_answers {
	size_t start;
	size_t end;
	char s[POLICY_ANSWER_MAX + 1];
};

/* What comes with answers of yes. */
struct policy_words {
	stralloc fields;  /* header fields with their "\n" */
	stralloc results; /* lib/policy_results */
};

/*
 * A policy: policy(5).  When it is first asked its child is started, or the socket of its
 * server connected to.
 */
struct policy {
	const char *argv[POLICY_WORDS_MAX + 1]; /* or "unix:PATH" */
	int running;                            /* false: not started, or given up */
	pid_t pid;                              /* 0: it is a server */
	int fd;
	int told_helo;
	int told_mail;
	unsigned skip;  /* answers under way that nobody waits for */
	int is_greeted; /* its answer to env has come, or it gets none */
	int wish; /* verbs of lib/policy_wish that it wants; -1: all, it says no rooms */
	unsigned long long told_room; /* in its last answer; 0: none */
	unsigned long long room;      /* that all have, whom it has accepted */
	int is_late;   /* asked about recipients only, not about mail and data */
	stralloc mail; /* put off until the first recipient, a C string; or empty */
	stralloc done; /* put off until the next request, a line; or empty */
	struct policy_answers *answers; /* there when running */
	stralloc refusal; /* of helo or mail, holds for the transaction; or empty */
};

struct policies;

/* Does it care for the request?  Else it would say K. */
int policy_wants(const struct policy *policy, const stralloc *request);

/*
 * Ask one of them, with what was put off in front; as policies_ask.
 */
char policy_ask(
    struct policies *p, struct policy *policy, const char *name, const stralloc *request);

/* Send s[0..len) to it.  Returns 1, or 0 when that can't be done at once. */
int policy_say(const struct policy *policy, const char *s, size_t len);

#endif
