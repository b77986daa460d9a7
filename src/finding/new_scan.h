#ifndef FINDING_NEW_SCAN_H
#define FINDING_NEW_SCAN_H

/* The search of queue/new for messages of which nobody told. */

#include <dirent.h>
#include <time.h>

#include "finding/oldest.h"
#include "queue/foreign.h"

/*
 * The search of queue/new for messages of which nobody told: its names are read, some at
 * a time, then given the oldest first; when there are more than one reading holds, they
 * are read again for those that are younger.  Begin with a zeroed one.
 */
struct new_scan {
	int wanted;  /* one is to be made */
	int running; /* one is under way */
	int again; /* for what was found before, and forgotten: it need not be complete */
	int ended; /* one has been made */
	DIR *dir;  /* while names are being read */
	struct oldest found;
	char last[QUEUEID_LEN + 1]; /* given so far, empty at the beginning */
	struct timespec seen;       /* when queue/new had changed before the last scan */
	struct foreign foreign;     /* what can't be moved to queue/bad */
};

/* Begin a search.  Returns 0, or -1 with errno. */
int new_scan_begin(struct new_scan *s);

/*
 * One step of the search under way.  Returns 1 with the next ID in *id, which is null
 * while names are being read; 0 when it has ended, -1 with errno when the folder can't be
 * read any more.  What is not named by an ID is moved to queue/bad.
 */
int new_scan_step(struct new_scan *s, const char **id);

/* End the search under way: nothing can be done with what it finds. */
void new_scan_end(struct new_scan *s);

/* Has queue/new changed since the last search began? */
int new_scan_is_stale(const struct new_scan *s);

#endif
