#ifndef SEND_DELIVERY_H
#define SEND_DELIVERY_H

/* A mail on its way: which servers are tried, and the session kept for the next one. */

#include "send/reach.h"
#include "send/remote_session.h"
#include "send/send_settings.h"
#include "send/transaction.h"
#include "way/target.h"

#define DELIVERY_ADDRESSES 10 /* of a next hop that are tried for one mail */

/*
 * How long a mail may take, in seconds, up to the end of its data, with the time that the
 * bytes may take in addition; and of that a session with one server, so that another one
 * has its turn.  queue-run must wait longer: src/schedule/channel.c.
 */
#define DELIVERY_SECONDS 1500
#define DELIVERY_SESSION_SECONDS 1200
#define DELIVERY_BYTES 1000 /* a second, at least */

/* A session that is older serves no other mail: what was published may be another now. */
#define DELIVERY_KEPT_SECONDS 300

/* What stays from one mail to the next.  delivery_begin makes it. */
struct delivery {
	struct send_settings settings;
	struct remote_session session; /* open: to the servers of key */
	stralloc key;
	struct destination destination;
	struct reach reach;
	unsigned port;            /* of the session */
	int64_t begun;            /* deadline_now() when it was opened */
	int64_t until;            /* deadline_now() when the time of the mail is over */
	int64_t data;             /* milliseconds that its bytes may take */
	struct reach_asked asked; /* about the mail under way */
};

void delivery_begin(struct delivery *d, int verbose);

/*
 * Send the mail to the servers of the domain, or to target (HOST:PORT) if that is not
 * null.  Each of its recipients has an outcome after that.  The session is kept open.  id
 * is for the log.
 */
void delivery_run(struct delivery *d, const char *id, struct transaction_mail *mail,
    const char *domain, const char *target);

/* End the session, if there is one. */
void delivery_end(struct delivery *d);

#endif
