#ifndef DELIVER_OWNER_H
#define DELIVER_OWNER_H

#include <sys/types.h>

/*
 * Work on another's files as that other.  Root is kept as the saved uid, so that we can
 * go back; where we are not root, nobody but ourselves can be the owner.
 */

/* Drop the supplementary groups, once, before all else.  Dies with DEFER on failure. */
void owner_begin(void);

/*
 * Be uid and gid in what we do with files.  Returns 0, or -1 with errno, EPERM when uid
 * is root's, or is not ours to be; then nothing has changed.
 */
int owner_become(uid_t uid, gid_t gid);

/*
 * The same with the real ids, so that a program started meanwhile is uid for good: exec
 * forgets the saved one.  Root may be had here.
 */
int owner_become_really(uid_t uid, gid_t gid);

/* Be who we were at the beginning; keeps errno.  Dies with DEFER when that fails. */
void owner_return(void);

#endif
