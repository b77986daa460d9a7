#ifndef ACCEPT_NEWCOMER_H
#define ACCEPT_NEWCOMER_H

/* Files of the queue whose messages are yet to be tried. */

enum newcomer_place {
	NEWCOMER_NONE,
	NEWCOMER_JOURNAL, /* on its way to queue/new */
	NEWCOMER_NEW
};

/* Where stands the one of this ID? */
enum newcomer_place newcomer_find(const char *id);

/*
 * Bring the one in queue/new to the disk, with its name: who has put it there may not
 * have come to that.  Returns 1, 0 when it is gone, -1 with errno.
 */
int newcomer_sync(const char *id);

#endif
