#ifndef LIB_POLICIES_H
#define LIB_POLICIES_H

/* The policies of a session: asked one after the other, put off, ended. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/policy.h"

#define POLICIES_MAX 16

/* All of them, in the order in which they are asked; zeroed to begin with. */
struct policies {
	struct policy list[POLICIES_MAX];
	size_t count;
	const char *id; /* of the message, for the log */
	stralloc reply; /* of the last refusal: "550 5.7.1 text", a C string */
	struct policy_words of_helo; /* for all messages */
	struct policy_words words;   /* for the message under way */
};

/*
 * Add the policy command, whose blanks become \0; is_late: to be asked about recipients
 * only.  Returns 0 when there are too many.
 */
int policies_add(struct policies *p, char *command, int is_late);

/* The client has said who it is, perhaps anew: tell it with the next request. */
void policies_forget_helo(struct policies *p);

/*
 * Ask all policies about the request, one line without "\n" that begins with its verb;
 * name is what the client says it is.  'K' when all accept, what comes with that
 * being added to p->words.  Else 'Z' or 'D' of the first that does not, p->reply saying
 * why.
 */
char policies_ask(struct policies *p, const char *name, const stralloc *request);

/* Append the header fields of the message under way. */
void policies_put_fields(const struct policies *p, stralloc *sa);

/*
 * Put the results of the message under way into our environment, for a sink that is about
 * to be started; or take them out of it.  Returns 0, or -1 with errno.
 */
int policies_export(const struct policies *p);
int policies_withdraw(const struct policies *p);

/* Append them, NAME=VALUE and \0 each; the last of a name counts. */
void policies_put_results(const struct policies *p, stralloc *sa);

/*
 * The transaction is over: tell all that know of it, and how many recipients and messages
 * were accepted, how many recipients refused for good.
 */
void policies_done(
    struct policies *p, unsigned recipients, unsigned refused, unsigned messages);

/*
 * Begin anew at the next MAIL: what the environment says of the client has changed.  No
 * transaction is under way.
 */
void policies_restart(struct policies *p);

/* End the children and wait for them, at most POLICY_SECONDS. */
void policies_end(struct policies *p);

#endif
