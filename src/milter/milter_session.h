#ifndef MILTER_MILTER_SESSION_H
#define MILTER_MILTER_SESSION_H

/* A session with a milter: how far it has come, and a question and its answer. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "milter/milter_answer.h"
#include "milter/milter_channel.h"
#include "milter/milter_options.h"

/* How far a session has come; it is told before anything later is. */
enum milter_session_stage {
	MILTER_SESSION_NONE,
	MILTER_SESSION_OPEN, /* options have been agreed upon */
	MILTER_SESSION_CONNECTED,
	MILTER_SESSION_GREETED,
	MILTER_SESSION_MAIL,
	MILTER_SESSION_RCPT, /* a recipient is good */
	MILTER_SESSION_DATA,
};

/* What may be handed from one process to another, with the descriptor. */
struct milter_session_state {
	enum milter_session_stage stage;
	struct milter_options options;
	uint32_t skipped;         /* steps, for the rest of this message */
	int is_done_with_all;     /* it accepts what this connection brings */
	int is_done_with_message; /* accepted already, or discarded */
	int is_discarded;
};

/* With channel.fd -1 and zeroed else, but for channel.seconds, to begin with. */
struct milter_session {
	struct milter_channel channel;
	struct milter_session_state state;
	stralloc reply; /* of a refusal: "550 5.7.1 text", a C string */
	struct milter_macros_message
	    message; /* its sender and recipient are the session's */
};

/*
 * Connect to address, inet:HOST:PORT (HOST an address), inet6:..., or unix:PATH, and
 * agree upon options.  Returns 0, or -1 with channel.why.
 */
int milter_session_open(struct milter_session *t, const char *address);

/* Say that it is over, and close. */
void milter_session_close(struct milter_session *t);

/* Is it spared this step, one of milter_options.h? */
int milter_session_spares(const struct milter_session *t, uint32_t step);

/* Put the macros of the stage into channel.out, for what comes next, command. */
void milter_session_put_macros(
    struct milter_session *t, enum milter_macros_stage stage, char command);

/*
 * Send what is in channel.out, to which there is no answer.  Returns 0, or -1 with
 * channel.why, and the connection is closed.
 */
int milter_session_say(struct milter_session *t);

/*
 * Send what is in channel.out, which is of step, and hear the verdict, unless it answers
 * nothing there, as the step quiet says.  Returns it, or -1 with channel.why, and the
 * connection is closed.
 */
int milter_session_ask(struct milter_session *t, uint32_t step, uint32_t quiet);

/*
 * Note that the verdict has come at stage, and was of all that the connection brings.
 * Returns it.
 */
int milter_session_note(struct milter_session *t, int verdict,
    enum milter_session_stage stage, int is_of_all);

/*
 * Send what is in channel.out, the end of a message, and hear what is to be changed:
 * each is called with each of it, and says 0 when it is malformed.  Returns the verdict,
 * or -1 as above.
 */
int milter_session_end(struct milter_session *t,
    int (*each)(void *whose, char command, const char *s, size_t len), void *whose);

#endif
