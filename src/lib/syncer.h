#ifndef LIB_SYNCER_H
#define LIB_SYNCER_H

/* Many files, and all names, brought to the disk at once by a child, for event loops. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The syncs of programs that must not wait: a child of their own makes them, one at a
 * time.  It is forked at the first one, holds no descriptor of theirs but those that it
 * syncs, and ends when they end.  Zeroed to begin with.
 */
struct syncer {
	int fd;        /* while a sync is under way: poll(2) it for POLLIN */
	int64_t until; /* but call syncer_end at this time of deadline_now, too */
	/* its own: */
	pid_t child;  /* 0: none */
	int is_begun; /* a sync is under way that the caller waits for */
	int is_late;  /* one that nobody waits for any more */
};

#define SYNCER_MAX 512          /* files at a time */
#define SYNCER_PATIENCE 2000    /* milliseconds: it may have met somebody's large copy */
#define SYNCER_PATIENCE_FILE 10 /* more for each file: a seek of the disk */

/*
 * Can it sync files of fd's file system?  1 where lib/durable's durable_syncs_whole says
 * so and Linux is 5.8 or newer.  What is written elsewhere has to be synced file by file.
 */
int syncer_fits(int fd);

/*
 * Begin to bring to the disk the files fds[0..n), and all names that were given or taken
 * in their file systems: lib/sync_files says how, and which had better be the first.  Of
 * files whose data is on the disk, and only their names are not, one of each file system
 * will do.  They may be closed as soon as this returns.  Returns 0; -1 with errno when it
 * can't be done, EBUSY when the one before is still at work: then the caller syncs each
 * file by itself.
 */
int syncer_begin(struct syncer *s, const int *fds, size_t n);

/*
 * Returns 1 when all that was written to those files, and named, before syncer_begin is
 * on the disk; 0 when that is not known yet; -1 with errno when it is over and
 * is not known, or not so: the child has died (EPIPE), it is late (ETIMEDOUT), a
 * write has failed.  Then the caller syncs each file by itself, which tells the truth
 * about each.  SYNCER_LOST with errno: that would not; what was written to one of them is
 * lost.
 */
#define SYNCER_LOST (-2)

int syncer_end(struct syncer *s);

/* Let the child go; a sync that is under way is not waited for. */
void syncer_leave(struct syncer *s);

#endif
