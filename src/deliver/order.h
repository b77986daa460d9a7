#ifndef DELIVER_ORDER_H
#define DELIVER_ORDER_H

/* A job under way: the deliveries to its recipients, and their answers. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "deliver/flight.h"
#include "deliver/way.h"
#include "lib/job.h"
#include "lib/outcome.h"
#include "onward/forwarding.h"

/* What the deliveries of a process have in common. */
struct order_post {
	struct way way;
	stralloc me; /* our host name */
	struct flight flight;
	struct forwarding forwarding;
	int has_quota; /* control/quota has been read, which will do for now */
	unsigned long long quota;
};

/* What is left when the mailboxes have what is theirs. */
struct order_rest {
	size_t same;   /* whose answer is this one's, too */
	uint64_t hash; /* of its mailbox, */
	size_t box;    /* which stands there in boxes */
	int is_kept;   /* a mailbox has a copy */
	int is_served; /* targets have one by another recipient, and are no more of these
			*/
	stralloc targets; /* to whom it goes on */
};

/* Zeroed to begin with; used again after order_done. */
struct order {
	struct job job; /* the caller's to fill in, as it is after order_done */
	/* of its own: */
	struct outcome *answers; /* one for each recipient */
	struct order_rest *rest;
	size_t begun;   /* recipients */
	size_t waiting; /* deposits that are not over */
	size_t sent;    /* recipients whose forward, if there is one, has been begun */
	size_t sending; /* forwards that are not over */
	size_t ended;   /* recipients that have their answers for good */
	size_t box;     /* where the mailbox of the next one stands in boxes */
	stralloc boxes; /* the mailbox of each recipient, or "": C strings */
};

/* Of a struct in any state, but for me; sink: argv of who takes what is forwarded. */
void order_post_begin(struct order_post *post, const char *const *sink);

/* A while has passed: files are to be looked at again. */
void order_post_renew(struct order_post *post);

/*
 * Begin as many deliveries of a job as there is room for.  Returns 1 when all of them
 * have been begun.
 */
int order_begin(struct order_post *post, struct order *order);

/* Take a turn with the deposits of all orders. */
void order_deposit(struct order_post *post);

/* Have all recipients their answers, order->answers? */
int order_is_over(const struct order *order);

/* Free what belongs to the job. */
void order_done(struct order *order);

#endif
