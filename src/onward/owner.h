#ifndef ONWARD_OWNER_H
#define ONWARD_OWNER_H

#include <sys/types.h>

/*
 * Work on another's files as that other.  Root is kept as the saved uid, so that we can
 * go back; where we are not root, nobody but ourselves can be the owner.
 */

/* Drop the supplementary groups, once, before all else.  Dies with DEFER on failure. */
void owner_begin(void);

/* Were we root then?  In a program of one thread only, as all of this. */
int owner_is_root(void);

/*
 * Be uid and gid in what we do with files.  Returns 0, or -1 with errno, EPERM when uid
 * is root's, or is not ours to be; then nothing has changed.
 */
int owner_become(uid_t uid, gid_t gid);

/*
 * The same with the real ids, so that a program started meanwhile is uid for good: exec
 * forgets the saved one.  Where we are not root, nothing changes.
 */
int owner_become_really(uid_t uid, gid_t gid);

/*
 * The ids that the variables of these names hold, neither of them root's: what stands in
 * a folder of another says nothing that root could believe.  Returns 1; 0 when there are
 * none.  Where we are not root, they are our own.
 */
int owner_from_environment(
    const char *uid_name, uid_t *uid, const char *gid_name, gid_t *gid);

/* Be who we were at the beginning; keeps errno.  Dies with DEFER when that fails. */
void owner_return(void);

#endif
