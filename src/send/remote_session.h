#ifndef SEND_REMOTE_SESSION_H
#define SEND_REMOTE_SESSION_H

/* An SMTP session with a server: commands said, replies heard. */

#include <stdint.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/ipaddress.h"
#include "lib/outcome.h"
#include "send/remote_reply.h"
#include "send/tls_use.h"
#include "send/transport.h"
#include "send/wrap_process.h"

/* How long each step may take, in seconds: RFC 5321, 4.5.3.2. */
#define REMOTE_GREETING_SECONDS 300
#define REMOTE_COMMAND_SECONDS 300
#define REMOTE_DATA_SECONDS 120
#define REMOTE_BLOCK_SECONDS 180
#define REMOTE_FINAL_SECONDS 600

#define REMOTE_QUIT_SECONDS 2 /* our own: nothing depends on the answer */

/* An SMTP session with one server.  Zeroed to begin with, but for transport.fd -1. */
struct remote_session {
	struct transport transport;
	int verbose;          /* show the dialogue on descriptor 2 */
	const char *id;       /* of the message under way, for the log; or null */
	unsigned seconds_max; /* control/timeoutremote: no step takes longer */
	int64_t until;        /* deadline_now(): nor all of them, but for the answer to a
				 message; 0: no bound */
	char host[256];
	char ip[IPADDRESS_TEXT_MAX];
	char peer[310];    /* "host[ip]" */
	const char *phase; /* what we wait for, for messages */
	stralloc out;      /* commands that have not been sent */
	const char
	    *shown; /* what is shown instead of them, which hold a secret; or null */

	struct wrap_process wrap; /* who speaks TLS for this one, and for the next ones */
	struct tls_use tls;
	int is_noted;   /* what comes of TLS is for the reports: tls_result_note */
	int is_leaving; /* QUIT was said on leaving, to another server */
	int leaving;
	int is_lmtp;  /* LHLO, and a reply for each recipient: RFC 2033 */
	int is_local; /* over a socket of this machine */

	/* what the server offers: remote_offer_learn */
	int has_pipelining;
	int has_size;
	int has_8bitmime;
	int has_smtputf8;
	int has_dsn;
	int has_requiretls;
	int has_starttls;
	int has_chunking;
	char mechanisms[512];        /* of AUTH, each with a blank before it */
	unsigned long long size_max; /* 0: not said */
	unsigned recipients_max;     /* RFC 9422: per transaction; 0: not said */
	unsigned mails_max;          /* transactions per session */
	unsigned domains_max;        /* of recipients per session */

	int shuns_chunking; /* this host offers it, and does not know it */
	unsigned mails;     /* transactions begun: the next finds no fresh session */
	unsigned domains_n; /* of recipients that were named, in: */
	stralloc domains;   /* each ended by \0 */
	int needs_reset;    /* the last transaction was not ended with a final dot */
};

/*
 * Begin with a connection, the non-blocking descriptor fd, to host at the address ip, as
 * text.
 */
void remote_session_take(
    struct remote_session *s, const char *host, const char *ip, int fd);

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

/*
 * Turn a reply into an outcome: K for class 2, Z for 4, D for 5, else Z.  What the server
 * refuses to us, and not to the message, is Z, too, and an alert in the log.
 */
void remote_session_judge(
    const struct remote_session *s, const struct remote_reply *reply, struct outcome *o);

/*
 * Say QUIT, and let the server say good-bye while the next session begins: the connection
 * is closed when it has, or by remote_session_part.
 */
void remote_session_quit(struct remote_session *s);

/* Wait for the last good-bye, but not for long. */
void remote_session_part(struct remote_session *s);

/* Close without a word. */
void remote_session_close(struct remote_session *s);

/* The shortest of seconds, what the admin allows, and what is left of the time for all.
 */
unsigned remote_session_limit(const struct remote_session *s, unsigned seconds);

/* Show a line of the dialogue, if wanted: mark, a blank, text made printable. */
void remote_session_show(
    const struct remote_session *s, const char *mark, const char *text, size_t len);

#endif
