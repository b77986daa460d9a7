#ifndef FETCH_SESSION_H
#define FETCH_SESSION_H

#include <stddef.h>

#include <stralloc.h>

#include "fetch/maildrop.h"
#include "fetch/output.h"

/* A POP3 session in TRANSACTION state. */
struct session {
	struct maildrop drop;
	struct output out;
	unsigned errors; /* commands that were none */
	int incomplete;  /* an answer was cut short: nothing more can be said */
	int quit;        /* the session was ended by QUIT */
	int unsure;      /* a message that the client deleted may still be there */
	unsigned long long retrieved;
	unsigned long long octets; /* of what was retrieved */
	unsigned long long removed;
};

/* What follows the verb: numbers only. */
struct arguments {
	unsigned long long n[2];
	int count;
};

/* Answer the command line, which has no "\n" any more. */
void session_obey(struct session *session, stralloc *line);

/* For the verbs: answers. */
void session_refuse(struct session *session, const char *text);
void session_fail(
    struct session *session, const char *what); /* with errno; "unable to WHAT" */

/* The message that the client calls n; null when that has been answered with an error. */
struct message *session_message(struct session *session, unsigned long long n);

/* Is the message one that STAT, LIST and UIDL tell of? */
int session_shows(const struct message *message);

/* Log event, with all that is known about message. */
void session_log(
    struct session *session, const char *event, const struct message *message);

/* The verbs that have modules of their own. */
void session_stat(struct session *session, const struct arguments *arguments);
void session_list(struct session *session, const struct arguments *arguments);
void session_uidl(struct session *session, const struct arguments *arguments);
void session_retr(struct session *session, const struct arguments *arguments);
void session_top(struct session *session, const struct arguments *arguments);

#endif
