#ifndef SEND_DELIVERY_H
#define SEND_DELIVERY_H

#include "send/dead_hosts.h"
#include "send/destination.h"
#include "send/remote_session.h"
#include "send/send_settings.h"
#include "send/transaction.h"

#define DELIVERY_ADDRESSES 10 /* that are tried for one mail */

/* What stays from one mail to the next.  delivery_begin makes it. */
struct delivery {
	struct send_settings settings;
	struct remote_session session; /* open: to the servers of key */
	char key[DESTINATION_KEY_MAX];
	struct destination destination;
	struct dead_hosts dead;
};

void delivery_begin(struct delivery *d, int verbose);

/*
 * Send the mail to the servers of the domain, or to target (HOST:PORT) if that is not
 * null.  Each of its recipients has an outcome after that.  The session is kept open.  id
 * is for the log.
 */
void delivery_run(struct delivery *d, const char *id, struct mail *mail,
    const char *domain, const char *target);

/* End the session, if there is one. */
void delivery_end(struct delivery *d);

#endif
