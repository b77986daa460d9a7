#ifndef SEND_REMOTE_SESSION_H
#define SEND_REMOTE_SESSION_H

#include <netinet/in.h>
#include <sys/types.h>

#include <stralloc.h>

#include "send/outcome.h"
#include "send/remote_reply.h"
#include "send/transport.h"

/* How long each step may take, in seconds: RFC 5321, 4.5.3.2. */
#define GREETING_SECONDS 300
#define COMMAND_SECONDS 300
#define DATA_SECONDS 120
#define BLOCK_SECONDS 180
#define FINAL_SECONDS 600
#define SAID " said: " /* in an outcome's text between the peer and its reply */

#define QUIT_SECONDS 2 /* our own: nothing depends on the answer */

/* An SMTP session with one server.  Zeroed to begin with, but for transport.fd -1. */
struct remote_session {
	struct transport transport;
	int verbose;          /* show the dialogue on descriptor 2 */
	unsigned seconds_max; /* control/timeoutremote: no step takes longer */
	char peer[300];       /* "host[address]" */
	const char *phase;    /* what we wait for, for messages */
	stralloc out;         /* commands that have not been sent */

	int is_encrypted; /* the server is reached by TLS */

	/* what the server offers */
	int has_pipelining;
	int has_size;
	int has_8bitmime;
	int has_smtputf8;
	int has_dsn;
	int has_requiretls;
	unsigned long long size_max; /* 0: not said */
	unsigned recipients_max;     /* per transaction, RFC 9422; 0: not said */

	int needs_reset; /* the last transaction was not ended with a final dot */
};

/*
 * Connect.  Returns 0; or -1 with errno and fault set, and nothing open.
 */
int remote_session_connect(struct remote_session *s, const char *host,
    const unsigned char ip[16], unsigned port, unsigned seconds, struct outcome *fault);

/* Add a command to what is to be sent; the strings end with a null pointer. */
void remote_session_say(struct remote_session *s, ...) __attribute__((sentinel));

/*
 * As remote_session_hear, but leave the reply in the input; returns its length there, or
 * -1.
 */
ssize_t remote_session_await(struct remote_session *s, const char *phase,
    unsigned seconds, struct remote_reply *reply, struct outcome *fault);

/*
 * Send what is to be sent and hear one reply, the answer to phase, within seconds.
 * Returns 0 with a reply of class 2 to 5; or -1 with fault set and the session closed:
 * the connection lost, silence, nonsense, 421.
 */
int remote_session_hear(struct remote_session *s, const char *phase, unsigned seconds,
    struct remote_reply *reply, struct outcome *fault);

/* Set fault to why (errno) the connection failed at s->phase, and close; returns -1. */
int remote_session_lost(struct remote_session *s, struct outcome *fault);

/* Turn a reply into an outcome: K for class 2, Z for 4, D for 5, else Z. */
void remote_session_judge(
    const struct remote_session *s, const struct remote_reply *reply, struct outcome *o);

/* Say QUIT and close. */
void remote_session_quit(struct remote_session *s);

/* Close without a word. */
void remote_session_close(struct remote_session *s);

/* The shorter of seconds and what the admin allows. */
unsigned remote_session_limit(const struct remote_session *s, unsigned seconds);

/* Show a line of the dialogue, if wanted: mark, a blank, text made printable. */
void remote_session_show(
    const struct remote_session *s, const char *mark, const char *text, size_t len);

#endif
