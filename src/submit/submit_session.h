#ifndef SUBMIT_SUBMIT_SESSION_H
#define SUBMIT_SUBMIT_SESSION_H

/* The talk with the service that takes the messages of this machine's users. */

#include <stddef.h>

#include <stralloc.h>

#include "lib/output.h"

#define SUBMIT_SESSION_SOCKET "run/submit.sock"

/* An SMTP session over a unix socket.  Zeroed to begin with. */
struct submit_session {
	struct output output;
	int show_fd; /* where the dialogue is shown, if shows */
	int shows;
	unsigned recipients_max; /* of a message, 0: not said */
	stralloc reply;   /* the last one, its lines joined by blanks; a C string */
	size_t read, len; /* of what has come */
	char input[4096];
	char room[65536];
};

/* All that follow return 0; or the exit code for what went wrong (sysexits.h), after
 * having said what on descriptor 2. */

/* Connect, and be greeted.  The working directory is the home. */
int submit_session_open(struct submit_session *s, const char *me);

/*
 * Say who sends to whom: parameters are those of MAIL and of each RCPT, each with a blank
 * before it; recipients are ended by \0 each.  All of them are accepted, or nothing is
 * done; each that is refused is named.
 */
int submit_session_envelope(struct submit_session *s, const char *sender,
    const char *mail_parameters, const stralloc *recipients, const char *rcpt_parameters);

/* The message comes; then s->output takes it. */
int submit_session_data(struct submit_session *s);

/* It is over, final dot included: is it accepted? */
int submit_session_conclude(struct submit_session *s);

/* Carry bytes between descriptors 0 and 1 and the service until one of them ends. */
int submit_session_relay(void);

#endif
