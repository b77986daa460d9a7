#ifndef FETCH_POP3_SESSION_H
#define FETCH_POP3_SESSION_H

#include <stddef.h>

#include <stralloc.h>

#include "fetch/maildrop.h"
#include "lib/output.h"

/* A POP3 session in TRANSACTION state. */
struct pop3_session {
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
struct pop3_arguments {
	unsigned long long n[2];
	int count;
};

/* Answer the command line, which has no "\n" any more. */
void pop3_session_obey(struct pop3_session *session, stralloc *line);

/* For the verbs: answers. */
void pop3_session_refuse(struct pop3_session *session, const char *text);

/* Answer, and log with the file's name, that the message can't be read: errno says why.
 */
void pop3_session_fail(
    struct pop3_session *session, const struct maildrop_message *message);

/* Only log that. */
void pop3_session_unreadable(
    const struct pop3_session *session, const struct maildrop_message *message);

/* The message that the client calls n; null when that has been answered with an error. */
struct maildrop_message *pop3_session_message(
    struct pop3_session *session, unsigned long long n);

/* Is the message one that STAT, LIST and UIDL tell of? */
int pop3_session_shows(const struct maildrop_message *message);

/* Log event, with all that is known about message. */
void pop3_session_log(struct pop3_session *session, const char *event,
    const struct maildrop_message *message);

#endif
