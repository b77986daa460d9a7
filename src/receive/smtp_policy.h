#ifndef RECEIVE_SMTP_POLICY_H
#define RECEIVE_SMTP_POLICY_H

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#define SMTP_POLICIES_MAX 16
#define SMTP_POLICY_WORDS_MAX 15     /* of its command */
#define SMTP_POLICY_LINE_MAX 1000    /* bytes of an answer: policy(5) */
#define SMTP_POLICY_FIELDS_MAX 16384 /* bytes of all fields added to one message */
#define SMTP_POLICY_SECONDS 60       /* for one answer */

/* What has come of its answers and has not been taken yet. */
struct smtp_policy_answers {
	size_t start;
	size_t end;
	char s[SMTP_POLICY_LINE_MAX + 1];
};

/*
 * A policy: policy(5).  When it is first asked its child is started, or the socket of its
 * server connected to.
 */
struct smtp_policy {
	const char *argv[SMTP_POLICY_WORDS_MAX + 1]; /* or "unix:PATH" */
	int running;                                 /* false: not started, or given up */
	pid_t pid;                                   /* 0: it is a server */
	int fd;
	int told_helo;
	int told_mail;
	unsigned skip; /* answers under way that nobody waits for */
	int is_late;   /* asked about recipients only, not about mail and data */
	stralloc mail; /* put off until the first recipient, a C string; or empty */
	stralloc done; /* put off until the next request, a line; or empty */
	struct smtp_policy_answers *answers; /* there when running */
	stralloc refusal; /* of helo or mail, holds for the transaction; or empty */
};

/* All of them, in the order in which they are asked; zeroed to begin with. */
struct smtp_policies {
	struct smtp_policy list[SMTP_POLICIES_MAX];
	size_t count;
	const char *id;       /* of the message, for the log */
	stralloc reply;       /* of the last refusal: "550 5.7.1 text", a C string */
	stralloc helo_fields; /* header fields with their "\n", for all messages */
	stralloc fields;      /* for the message under way */
};

/*
 * Add the policy command, whose blanks become \0; is_late: to be asked about recipients
 * only.  Returns 0 when there are too many.
 */
int smtp_policies_add(struct smtp_policies *p, char *command, int is_late);

/* The client has said who it is, perhaps anew: tell it with the next request. */
void smtp_policies_forget_helo(struct smtp_policies *p);

/*
 * Ask all policies about the request, one line without "\n" that begins with its verb;
 * name is what the client says it is.  'K' when all accept, their header fields being
 * added to p->fields.  Else 'Z' or 'D' of the first that does not, p->reply saying why.
 */
char smtp_policies_ask(
    struct smtp_policies *p, const char *name, const stralloc *request);

/*
 * The transaction is over: tell all that know of it, and how many recipients and messages
 * were accepted, how many recipients refused for good.
 */
void smtp_policies_done(
    struct smtp_policies *p, unsigned recipients, unsigned refused, unsigned messages);

/*
 * Begin anew at the next MAIL: what the environment says of the client has changed.  No
 * transaction is under way.
 */
void smtp_policies_restart(struct smtp_policies *p);

/* End the children and wait for them, at most SMTP_POLICY_SECONDS. */
void smtp_policies_end(struct smtp_policies *p);

/*
 * One of them, for the others to use: ask it, with what was put off in front; as
 * smtp_policies_ask.
 */
char smtp_policy_ask(struct smtp_policies *p, struct smtp_policy *policy,
    const char *name, const stralloc *request);

/* Start its child or connect to its server.  Returns 0, or -1 with errno. */
int smtp_policy_start(struct smtp_policy *policy);

/* Send s[0..len) to it.  Returns 1, or 0 when that can't be done at once. */
int smtp_policy_say(const struct smtp_policy *policy, const char *s, size_t len);

/*
 * Judge the answer s[0..len), without "\n": 'K' with a header field, or with nothing,
 * from s[1] on; 'Z' or 'D' with "code status text" from s[1] on; 0 for nonsense.
 */
char smtp_policy_judge(const char *s, size_t len);

#endif
