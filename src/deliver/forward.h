#ifndef DELIVER_FORWARD_H
#define DELIVER_FORWARD_H

#include <stralloc.h>

#include "lib/job.h"
#include "lib/outcome.h"
#include "lib/queue_client.h"
#include "lib/queueid.h"
#include "lib/users.h"

/* A message for an alias of several addresses, or of one that is not ours. */
struct forward {
	const struct job *job;
	size_t index;                /* of its recipient in the job */
	const stralloc *targets;     /* each ended by \0 */
	struct users *users;         /* who is here */
	int is_kept;                 /* one of our mailboxes has a copy, too */
	const char *const *sink;     /* argv of who takes it: lib/sink.h */
	struct queue_client *kept;   /* the connection to it, where that is a service */
	char id[QUEUEID_LEN + 1];    /* which it will have; set by forward_send */
	char other[QUEUEID_LEN + 1]; /* and that of those here, when they are two */
};

/*
 * Hand the message to the sink as a new one for the targets: same sender and parameters,
 * the ID of the first of all in "origin",
 * "Delivered-To: recipient" on top, an ID that follows from the old one and the
 * recipient.  Those elsewhere get one of their own, with another sender, where
 * control/srs wants that.  As root, a program is started as QUEUE_UID and QUEUE_GID. Sets
 * the answer: K when the sink has taken it.
 */
void forward_send(struct forward *forward, struct outcome *answer);

#endif
