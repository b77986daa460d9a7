#ifndef FINDING_REMOVED_H
#define FINDING_REMOVED_H

/* Files of messages that are done, until it is on the disk that they are gone. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "finding/supply.h"
#include "lib/queueid.h"

#define REMOVED_MAX 8192
#define REMOVED_HELD 64 /* descriptors */

/*
 * When the power fails a file may come back that was removed just before.  Its message is
 * delivered again then, as far as nobody knows what had been prepared for it: so the
 * queue's service must not forget that before.  A child syncs the folders, at most once a
 * second, and nobody waits for the disk.  Zeroed to begin with.
 *
 * On ext4 without a journal the file that comes back may have what another one has
 * written meanwhile, whose the inode or the blocks have become.  So there the files are
 * held open until it is on the disk that they are gone: what is open is given to nobody.
 * And a file that is moved may have lost its old name on the disk long before it has the
 * new one there.  So moves are synced there, too, some twenty times a second.
 */
struct removed {
	struct removed_file {
		int64_t place;
		char id[QUEUEID_LEN + 1];
	} files[REMOVED_MAX]; /* in the order in which they were removed */
	size_t count;
	size_t syncing; /* so many of them by the child */
	int64_t next;   /* deadline_now(): no sync begins before */
	pid_t child;    /* or 0 */
	int fd;         /* while there is a child: poll(2) it for POLLIN */
	int journal;    /* -1: the queue's file system lacks one; 0: not asked yet */
	int held[REMOVED_HELD];
	size_t holding;
	size_t releasing; /* so many of them when the child has synced */
	int moved;        /* something, since the child was started */
};

/* The file fd of the queue is going to be removed. */
void removed_hold(struct removed *r, int fd);

/* One has been moved from one place to another. */
void removed_move(struct removed *r);

/*
 * The file of message id has been removed from the place.  When there are too many it is
 * not remembered: the service forgets such a message in its own time.
 */
void removed_put(struct removed *r, const char *id, int64_t place);

/*
 * Let a child sync the folders, if it is time and there is a connection on which to tell.
 * Nothing may be held for the log then.
 */
void removed_begin(struct removed *r, const struct supply *s, int64_t now_ms);

/*
 * The child has said something on r->fd, or has ended: those that are on the disk are
 * settled.  When a sync fails they are not remembered any more.
 */
void removed_end(struct removed *r, struct supply *s, int64_t now_ms);

/* Is anything left that can be told to the service, is held, or was moved? */
int removed_waits(const struct removed *r, const struct supply *s);

/* deadline_now() of the next sync; INT64_MAX when there is none, or one is under way. */
int64_t removed_until(const struct removed *r, const struct supply *s);

#endif
