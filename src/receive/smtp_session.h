#ifndef RECEIVE_SMTP_SESSION_H
#define RECEIVE_SMTP_SESSION_H

#include <stralloc.h>

#include "lib/queueid.h"
#include "receive/smtp_channel.h"
#include "receive/smtp_policy.h"
#include "receive/smtp_transfer.h"

#define SMTP_RECIPIENTS_MAX 1000 /* ten times what RFC 5321, 4.5.3.1.8 wants */

/* A session ends beyond so many strikes since the last accepted message. */
#define SMTP_STRIKES_MAX 100
#define SMTP_STRIKES_SYNTAX 5  /* for a malformed or misplaced command */
#define SMTP_STRIKES_AUTH 30   /* for wrong credentials */
#define SMTP_STRIKES_REFUSAL 1 /* for a sender, recipient or message refused for good */

/* Who is told to come later has done nothing wrong; but beyond so many times in a session
 * it is a strike, too. */
#define SMTP_DEFERRALS_MAX 1000

/* So many refusals of a session are logged one by one, the others are counted. */
#define SMTP_REFUSALS_LOGGED 1000

/* So many commands that lead to no mail are no strike: RSET, NOOP, VRFY... */
#define SMTP_IDLE_MAX 100

#define SMTP_ENDING_QUIT "quit" /* the one that is as it should be */

/* How far the message has come by BDAT. */
enum smtp_chunks { SMTP_CHUNKS_NONE, SMTP_CHUNKS_BEGUN, SMTP_CHUNKS_FAILED };

/* The message under way, from MAIL on. */
struct smtp_transaction {
	int begun;
	int is_utf8; /* MAIL said SMTPUTF8 */
	enum smtp_chunks chunks;
	stralloc failure; /* of the chunks: the reply, a C string */
	char id[QUEUEID_LEN + 1];
	stralloc sender;    /* a C string, empty for <> */
	stralloc recipient; /* the one just named, a C string */
	stralloc first;     /* the first one accepted, a C string */
	unsigned recipients;
	unsigned refused;   /* recipients */
	unsigned failed;    /* of them, for good */
	unsigned overshoot; /* of them, beyond SMTP_RECIPIENTS_MAX */
	int is_accepted;    /* the sink has it */
	stralloc envelope;  /* as far as it is known */
};

/* All that is known of a client; zeroed to begin with. */
struct smtp_session {
	struct smtp_policies policies;
	const char *const *sink; /* its argv */
	stralloc me;
	unsigned long long databytes; /* 0: no limit */
	unsigned long long headermax; /* 0: no limit */
	unsigned long long
	    hides_client; /* the Received fields of our own clients don't tell */
	unsigned long long queuereserve; /* bytes of disk that stay free */
	const char *client;              /* its address, or "unknown" */
	stralloc helo;  /* what it says it is, a C string; empty before */
	int extended;   /* by EHLO */
	int clear_auth; /* AUTH is offered without TLS, too */
	unsigned strikes;
	unsigned deferrals; /* replies 4xx to what would be mail */
	unsigned refusals;  /* all of them */
	unsigned
	    idle; /* commands that lead to no mail, since the last accepted message */
	unsigned long long drained; /* bytes of refused chunks, since then */
	unsigned accepted;
	const char *ending; /* why the session is over, or null */
	struct smtp_transaction transaction;
	struct smtp_channel channel;
	struct smtp_transfer transfer;
};

/* Forget the message under way, if any: RSET, HELO, the end of DATA. */
void smtp_session_reset(struct smtp_session *session);

/* Answer a malformed or misplaced command. */
void smtp_session_complain(struct smtp_session *session, const char *reply);

/*
 * Refuse, and log it; name is "from" or "rcpt" with the address that was refused, or null
 * when the whole message is.
 */
void smtp_session_refuse(struct smtp_session *session, const char *reply,
    const char *name, const char *address);

/* Refuse one recipient more than we take: only the first one of a message is logged. */
void smtp_session_overshoot(struct smtp_session *session, const char *reply);

/* Log how the session ended. */
void smtp_session_close(struct smtp_session *session);

/* The client speaks another protocol: end the session before it can do harm. */
void smtp_session_expel(struct smtp_session *session, const char *protocol);

/*
 * The client is gone (r is 0), or too slow or out of reach (-1 with errno): end the
 * session.
 */
void smtp_session_lose(struct smtp_session *session, ssize_t r);

/* Does nobody but the client see what we say? */
int smtp_session_is_encrypted(void);

/*
 * Read control files and environment: *timeout and *whole are the seconds for a step and
 * for the whole session.  Returns 0, or -1 after having logged why.
 */
int smtp_session_configure(
    struct smtp_session *session, unsigned *timeout, unsigned *whole);

/* Is there room on the disk of queue/ for size bytes more?  1, 0, -1 when it can't be
 * known. */
int smtp_session_room(const struct smtp_session *session, unsigned long long size);

#endif
