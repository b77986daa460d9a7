#ifndef DELIVER_RECIPIENT_H
#define DELIVER_RECIPIENT_H

#include <stddef.h>

#include <stralloc.h>

#include "deliver/answer.h"
#include "deliver/deposit.h"
#include "deliver/directory.h"
#include "lib/job.h"

/* What the deliveries of a process have in common; zeroed to begin with. */
struct post {
	struct users users;      /* its fd is -1 to begin with */
	stralloc me;             /* our host name */
	const char *const *sink; /* argv of the program that takes what is forwarded */
	/* of the delivery at hand: */
	struct user user;   /* who the recipient is */
	struct user target; /* the mailbox, when that is an alias of one */
	struct deposit deposits[DEPOSITS_MAX];
	size_t begun; /* of these */
};

/*
 * Deliver the job's message to all of its recipients, into mailboxes or by forwarding it.
 * Sets their answers, and logs them.
 */
void recipients_deliver(struct post *post, const struct job *job, struct answer *answers);

#endif
