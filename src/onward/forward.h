#ifndef ONWARD_FORWARD_H
#define ONWARD_FORWARD_H

/* A message for an alias of several addresses, or of one that is not ours. */

#include <stralloc.h>

#include "lib/job.h"
#include "lib/outcome.h"
#include "lib/queueid.h"
#include "lib/users.h"

/* The targets that get it from one sender, as a message. */
struct forward_part {
	stralloc sender;
	stralloc targets; /* each ended by \0 */
	const char *mark; /* what its ID follows from besides */
};

/*
 * Those elsewhere get a message of their own, with another sender, where control/srs
 * wants that.  Zeroed to begin with.
 */
struct forward {
	const struct job *job;
	size_t index;            /* of its recipient in the job */
	const stralloc *targets; /* each ended by \0 */
	int is_kept;             /* the mailbox of the recipient has a copy, too */
	int is_served;           /* other targets have one already */
	struct outcome answer;   /* K when the sink has taken all of it */
	/* its own: */
	struct forward_part parts[2];
	size_t part;                 /* of these, which is under way, + 1 */
	char id[QUEUEID_LEN + 1];    /* which it has */
	char other[QUEUEID_LEN + 1]; /* and that of those here, when they are two */
};

/* Part the targets.  Returns 0; -1 when the answer is set. */
int forward_begin(struct forward *f, struct users *users);

/*
 * Go on to the next part: f->id follows from the job's and the recipient.  Returns it;
 * null when there is none, and the answer counts.
 */
const struct forward_part *forward_next(struct forward *f);

/*
 * The bytes of the message that is handed over from its byte at on, 0 being the first of
 * "Delivered-To: recipient", which stands on top: up to room bytes.  Returns how many, 0
 * at the end; or -1 with errno.
 */
ssize_t forward_read(const struct forward *f, off_t at, char *buf, size_t room);

/* How many there are altogether. */
off_t forward_length(const struct forward *f);

/* Set the answer to what the sink has said of a part. */
void forward_judge(struct forward *f, int verdict, const char *words);

void forward_done(struct forward *f);

#endif
