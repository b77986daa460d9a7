#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/text_number.h"
#include "lib/verdict.h"
#include "onward/owner.h"

/* The calls of libc stop all threads first, by a dozen other calls; we have one. */
#ifdef SYS_setresuid32
#define SETRESUID SYS_setresuid32
#define SETRESGID SYS_setresgid32
#else
#define SETRESUID SYS_setresuid
#define SETRESGID SYS_setresgid
#endif

/* A cache of what owner_begin has found. */
static int is_root;
static gid_t our_gid;

static int
set_uids(uid_t real, uid_t effective, uid_t saved)
{
	return (int)syscall(SETRESUID, real, effective, saved);
}

static int
set_gids(gid_t real, gid_t effective, gid_t saved)
{
	return (int)syscall(SETRESGID, real, effective, saved);
}

void
owner_begin(void)
{
	is_root = geteuid() == 0;
	our_gid = getegid();
	if (is_root && (setgroups(0, NULL) == -1 || set_uids(0, 0, 0) == -1))
		diesys(DEFER, "unable to drop groups");
}

int
owner_is_root(void)
{
	return is_root;
}

int
owner_become(uid_t uid, gid_t gid)
{
	if (!is_root) {
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
	if (set_gids((gid_t)-1, gid, (gid_t)-1) == -1)
		return -1;
	if (set_uids((uid_t)-1, uid, (uid_t)-1) == -1) {
		owner_return();
		return -1;
	}
	return 0;
}

int
owner_become_really(uid_t uid, gid_t gid)
{
	if (!is_root)
		return 0;
	if (uid == 0 || gid == 0) {
		errno = EPERM;
		return -1;
	}
	if (set_gids(gid, gid, (gid_t)-1) == -1)
		return -1;
	if (set_uids(uid, uid, (uid_t)-1) == -1) {
		owner_return();
		return -1;
	}
	return 0;
}

/* A number over 0; 0 when there is none. */
static unsigned int
from_environment(const char *name)
{
	const char *value = getenv(name);
	unsigned long long n = 0;

	if (value == NULL || !text_number(value, strlen(value), UINT_MAX - 1, &n))
		return 0;
	return (unsigned int)n;
}

int
owner_from_environment(const char *uid_name, uid_t *uid, const char *gid_name, gid_t *gid)
{
	if (!is_root) {
		*uid = geteuid();
		*gid = getegid();
		return 1;
	}
	*uid = from_environment(uid_name);
	*gid = from_environment(gid_name);
	return *uid != 0 && *gid != 0;
}

void
owner_return(void)
{
	int saved = errno;

	if (is_root && (set_uids(0, 0, (uid_t)-1) == -1 ||
			   set_gids(our_gid, our_gid, (gid_t)-1) == -1))
		diesys(DEFER, "unable to be root again");
	errno = saved;
}
