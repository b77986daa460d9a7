#include <errno.h>
#include <grp.h>
#include <unistd.h>

#include <errmsg.h>

#include "deliver/owner.h"
#include "lib/verdict.h"

void
owner_begin(void)
{
	if (geteuid() == 0 && setgroups(0, NULL) == -1)
		diesys(DEFER, "unable to drop groups");
}

int
owner_become(uid_t uid, gid_t gid)
{
	if (geteuid() != 0) {
		if (uid == geteuid() && gid == getegid())
			return 0;
		errno = EPERM;
		return -1;
	}
	if (uid == 0) {
		errno = EPERM;
		return -1;
	}
	/* the real uid stays root's, so that the owner can't send us signals */
	if (setresgid((gid_t)-1, gid, (gid_t)-1) == -1)
		return -1;
	if (setresuid((uid_t)-1, uid, (uid_t)-1) == -1) {
		owner_return();
		return -1;
	}
	return 0;
}

int
owner_become_really(uid_t uid, gid_t gid)
{
	if (geteuid() != 0)
		return 0;
	if (setresgid(gid, gid, (gid_t)-1) == -1)
		return -1;
	if (setresuid(uid, uid, (uid_t)-1) == -1) {
		owner_return();
		return -1;
	}
	return 0;
}

void
owner_return(void)
{
	uid_t uid, euid, saved_uid;
	gid_t gid, egid, saved_gid;
	int saved = errno;

	if (getresuid(&uid, &euid, &saved_uid) == -1 ||
	    getresgid(&gid, &egid, &saved_gid) == -1 ||
	    setresuid(saved_uid, saved_uid, saved_uid) == -1 ||
	    setresgid(saved_gid, saved_gid, saved_gid) == -1)
		diesys(DEFER, "unable to be root again");
	errno = saved;
}
