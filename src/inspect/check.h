#ifndef INSPECT_CHECK_H
#define INSPECT_CHECK_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "inspect/bloom.h"
#include "queue/ledger.h"

#define CHECK_OLD 3600 /* seconds: nobody is still at work on what is unfinished */

/* What queue-check does, what it has found, and how it tells that. */
struct check {
	int repair;
	int64_t patience; /* milliseconds to wait for a message that is being delivered */
	uid_t owner;      /* of the queue */
	gid_t group;      /* of its files, */
	int doubt;        /* unless that can't be told, or queue/new has not got it */
	time_t began;     /* when the walk through the queue did */
	struct bloom seen;
	struct ledger ledger; /* what stands in the journal */
	unsigned long long messages, found, repaired;
	int trouble; /* something could not be looked at */
};

/* Log that path, of message id or of none, is not as it should be. */
void check_found(struct check *c, const char *id, const char *path, const char *why);

/* Log that it is now: what has been done. */
void check_repaired(struct check *c, const char *id, const char *path, const char *how);

/* Log what could not be done, with errno. */
void check_failed(struct check *c, const char *what, const char *path);

/* Move what stands at place under name to queue/bad; it was found to be wrong. */
void check_condemn(struct check *c, const char *name, int64_t place, const char *why);

#endif
