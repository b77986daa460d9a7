#ifndef QUEUE_BUCKETS_H
#define QUEUE_BUCKETS_H

#include <stddef.h>
#include <stdint.h>

#include "queue/foreign.h"

/*
 * The folders of queue/later, each named by the second at which its messages are due.
 * Their names are all that is kept in memory.
 */
struct buckets_bucket {
	int64_t time;
	/* by the clock as it is now: 0 at once, else time but after a jump */
	int64_t due;
};

struct buckets {
	struct buckets_bucket *list; /* by time */
	size_t count;
	/* how many of them are due at another time than they are named by */
	size_t apart;
	int64_t open;   /* the bucket that is being emptied, 0 when none is */
	int open_again; /* a scan met that one: look at it once more when it is read */
	struct foreign foreign;
};

/* Read the names in queue/later; warn of what is no bucket.  Returns 0, or -1 with errno.
 */
int buckets_scan(struct buckets *b);

/* Let all the present buckets be due now. */
void buckets_hurry(struct buckets *b);

/* The clock was put forward by so many seconds: they wait for as long as before. */
void buckets_shift(struct buckets *b, int64_t by);

/* A bucket due after horizon was made before the clock was put back: it is due. */
void buckets_check(struct buckets *b, int64_t horizon);

/* When the next bucket is due: a time, 0 for at once, INT64_MAX when there is none. */
int64_t buckets_next(const struct buckets *b);

/* Take the next bucket off the list and return its time: it is open now. */
int64_t buckets_take(struct buckets *b);

/*
 * The open bucket has been read, and removed if it was empty.  When a scan was made
 * meanwhile, for the sake of a message that was passed over, that one may be in here:
 * the bucket is put back, and due at once.
 */
void buckets_end(struct buckets *b, int removed);

/*
 * A bucket, durably there, for messages due after wait seconds from now: rounded up to
 * seconds that make buckets few, and never one that is due already.  Returns its time, or
 * -1 with errno.
 */
int64_t buckets_make(struct buckets *b, int64_t now, int64_t wait);

#endif
