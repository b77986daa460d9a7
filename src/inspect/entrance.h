#ifndef INSPECT_ENTRANCE_H
#define INSPECT_ENTRANCE_H

/* How a tool of the admin's begins to work in the queue, and ends. */

/*
 * Root becomes the owner of the queue; with is_logged what is done is logged in log/admin
 * from now on.  The home is the working directory.  Dies with DEFER when that can't be.
 */
void entrance_take(int is_logged);

/*
 * What was logged is on the disk now; a warning when there was no room for all.  Returns
 * 0, or -1 after a warning.
 */
int entrance_leave(void);

#endif
