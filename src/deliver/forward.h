#ifndef DELIVER_FORWARD_H
#define DELIVER_FORWARD_H

#include <stralloc.h>

#include "deliver/answer.h"
#include "lib/job.h"
#include "lib/queueid.h"

/* A message for an alias of several addresses, or of one that is not ours. */
struct forward {
	const struct job *job;
	size_t index;             /* of its recipient in the job */
	const stralloc *targets;  /* each ended by \0 */
	const char *const *sink;  /* argv of the program that takes it */
	char id[QUEUEID_LEN + 1]; /* which it will have; set by forward_send */
};

/*
 * Hand the message to the sink as a new one for the targets: same sender and parameters,
 * "Delivered-To: recipient" on top, an ID that follows from the old one and the
 * recipient.  As root, the sink is started as the owner of queue/new.  Sets the answer: K
 * when the sink has taken it.
 */
void forward_send(struct forward *forward, struct answer *answer);

#endif
