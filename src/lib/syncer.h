#ifndef LIB_SYNCER_H
#define LIB_SYNCER_H

/* Whole file systems synced by a child, for event loops. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * syncfs(2) for programs that must not wait: a child of their own does it, one at a time.
 * It is forked at the first sync, holds no descriptor of theirs but those that it syncs,
 * and ends when they end.  Zeroed to begin with.
 */
struct syncer {
	int fd;        /* while a sync is under way: poll(2) it for POLLIN */
	int64_t until; /* but call syncer_end at this time of deadline_now, too */
	/* its own: */
	pid_t child;  /* 0: none */
	int is_begun; /* a sync is under way that the caller waits for */
	int is_late;  /* one that nobody waits for any more */
};

#define SYNCER_MAX 16        /* file systems at a time */
#define SYNCER_PATIENCE 2000 /* milliseconds: it may have met somebody's large copy */

/*
 * Does syncfs(2) bring all of fd's file system to the disk, and tell when it has not?  1
 * where lib/durable's durable_syncs_whole says so and Linux is 5.8 or newer.  What is
 * written elsewhere has to be synced file by file.
 */
int syncer_fits(int fd);

/*
 * Begin to sync the file systems of the descriptors fds[0..n), one file of each, open for
 * reading or writing (O_PATH won't do) since before the first byte was written that is to
 * be synced: a failed write is told only to who had a file open then.  They may be closed
 * as soon as this returns.  Returns 0; -1 with errno when it can't be done, EBUSY when
 * the one before is still at work: then the caller syncs each file by itself.
 */
int syncer_begin(struct syncer *s, const int *fds, size_t n);

/*
 * Returns 1 when everything is on the disk that was written, and named, before
 * syncer_begin; 0 when that is not known yet; -1 with errno when it is over and
 * is not known, or not so: the child has died (EPIPE), it is late (ETIMEDOUT), a
 * write has failed.  Then the caller syncs each file by itself, which tells the truth
 * about each.
 */
int syncer_end(struct syncer *s);

/* Let the child go; a sync that is under way is not waited for. */
void syncer_leave(struct syncer *s);

#endif
