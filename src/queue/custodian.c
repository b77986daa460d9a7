#include <errno.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/home_path.h"
#include "queue/custodian.h"
#include "queue/parts.h"

/* What is missing is made by who works there. */
static int
is_of_root_only(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == -1)
		return errno == ENOENT;
	return st.st_uid == 0 && !S_ISLNK(st.st_mode) &&
	       (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int
all_is_of_root(void)
{
	if (!is_of_root_only("queue"))
		return 0;
	for (size_t i = 0; i < PARTS_COUNT; ++i)
		if (!is_of_root_only(parts_part(i)->path))
			return 0;
	return 1;
}

int
custodian_become(void)
{
	struct stat st;

	if (geteuid() != 0)
		return 0;
	if (lstat("queue", &st) == -1) {
		carpsys("unable to look at ", home_path(), "/queue");
		return -1;
	}
	if (st.st_uid == 0) {
		if (all_is_of_root())
			return 0;
		carp(home_path(), "/queue: root's, and yet others can write there");
		return -1;
	}
	if (!S_ISDIR(st.st_mode)) {
		carp(home_path(), "/queue: not a folder");
		return -1;
	}
	if (setgroups(1, &st.st_gid) == 0 && setgid(st.st_gid) == 0 &&
	    setuid(st.st_uid) == 0)
		return 0;
	carpsys("unable to become the owner of ", home_path(), "/queue");
	return -1;
}
