#ifndef SMTP_SESSION_H
#define SMTP_SESSION_H

/* A session of SMTP: what is known, and when it ends. */

#include <stdint.h>

#include <stralloc.h>

#include "lib/policies.h"
#include "lib/queueid.h"
#include "smtp/transfer.h"
#include "smtp/wire.h"

#define SESSION_RECIPIENTS_MAX 1000 /* ten times what RFC 5321, 4.5.3.1.8 wants */

/* A session ends beyond so many strikes since the last accepted message. */
#define SESSION_STRIKES_MAX 100
#define SESSION_STRIKES_SYNTAX 5 /* for a malformed or misplaced command */
#define SESSION_STRIKES_AUTH 30  /* for wrong credentials */
#define SESSION_STRIKES_REFUSAL                                                          \
	1 /* for a sender, recipient or message refused for good */

/* Who is told to come later has done nothing wrong; but beyond so many times in a session
 * it is a strike, too. */
#define SESSION_DEFERRALS_MAX 1000

/* So many refusals of a session are logged one by one, the others are counted. */
#define SESSION_REFUSALS_LOGGED 1000

/* So many commands that lead to no mail are no strike: RSET, NOOP, VRFY... */
#define SESSION_IDLE_MAX 100

#define SESSION_SAID_MAX 100 /* bytes of a command that are logged with its refusal */

#define SESSION_ENDING_QUIT "quit" /* the one that is as it should be */

/* How far the message has come by BDAT. */
enum session_chunks { SESSION_CHUNKS_NONE, SESSION_CHUNKS_BEGUN, SESSION_CHUNKS_FAILED };

/* The message under way, from MAIL on. */
struct session_transaction {
	int begun;
	int is_utf8;             /* MAIL said SMTPUTF8 */
	unsigned long long size; /* that MAIL told, or 0 */
	enum session_chunks chunks;
	stralloc failure; /* of the chunks: the reply, a C string */
	char id[QUEUEID_LEN + 1];
	stralloc sender;    /* a C string, empty for <> */
	stralloc recipient; /* the one just named, a C string */
	stralloc first;     /* the first one accepted, a C string */
	unsigned recipients;
	unsigned refused;   /* recipients */
	unsigned failed;    /* of them, for good */
	unsigned overshoot; /* of them, beyond SESSION_RECIPIENTS_MAX */
	int is_accepted;    /* the sink has it */
	int64_t mailed;     /* when MAIL came, in the time of deadline_now */
	stralloc envelope;  /* as far as it is known */
};

/* All that is known of a client. */
struct session {
	const char *const *sink;     /* its argv */
	const char *const *own_sink; /* that of the messages of our own clients */
	stralloc me;
	unsigned long long databytes; /* 0: no limit */
	unsigned long long headermax; /* 0: no limit */
	unsigned long long
	    hides_client; /* the Received fields of our own clients don't tell */
	unsigned long long queuereserve; /* bytes of disk that stay free */
	const char *client;              /* its address, or "unknown" */
	stralloc helo;  /* what it says it is, a C string; empty before */
	int extended;   /* by EHLO */
	int login;      /* its mark (lib/logins), -1: none */
	int takes_auth; /* AUTH is offered */
	int clear_auth; /* and without TLS, too */
	unsigned strikes;
	unsigned deferrals; /* replies 4xx to what would be mail */
	unsigned refusals;  /* all of them */
	/* commands that lead to no mail, since the last accepted message */
	unsigned idle;
	unsigned long long drained; /* bytes of refused chunks, since then */
	unsigned accepted;
	int is_silent;     /* a look at our health: it is not logged that it came */
	unsigned oddities; /* that were logged, a bit for each */
	char said[SESSION_SAID_MAX + 1]; /* the command under way, no secrets in it */
	const char *ending;              /* why the session is over, or null */
	int is_left;                     /* it was the client that ended it */
	int64_t began;                   /* in the time of deadline_now */
	struct session_transaction transaction;
	/* what follows is large, and most of it is never touched while nothing comes */
	struct policies policies;
	struct wire channel;
	struct transfer transfer;
};

/* Nothing is known yet; the rest is zeroed, so that it takes no room in the program. */
void session_begin(struct session *session);

/* Forget the message under way, if any: RSET, HELO, the end of DATA. */
void session_reset(struct session *session);

/* Remember the command s[0..len), for the log. */
void session_hear(struct session *session, const char *s, size_t len);

/* Is it a client of ours?  It may have authenticated since it was asked last. */
int session_is_ours(void);

/* Answer a malformed or misplaced command, and log it. */
void session_complain(struct session *session, const char *reply);

/*
 * Refuse, and log it; name is "from" or "rcpt" with the address that was refused, or null
 * when the whole message is.
 */
void session_refuse(
    struct session *session, const char *reply, const char *name, const char *address);

/* Refuse one recipient more than we take: only the first one of a message is logged. */
void session_overshoot(struct session *session, const char *reply);

/*
 * What tls-wrap has told of the session in the environment under name, or else another
 * wrapper under other_name; null when neither.
 */
const char *session_tls(const char *name, const char *other_name);

/* Log how the session ended, where that says more than what has been logged of it. */
void session_close(struct session *session);

/* The client speaks another protocol: end the session before it can do harm. */
void session_expel(struct session *session, const char *protocol);

/*
 * The client is gone (r is 0), or too slow or out of reach (-1 with errno): end the
 * session.
 */
void session_lose(struct session *session, ssize_t r);

#endif
