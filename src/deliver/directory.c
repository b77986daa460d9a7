#include <string.h>

#include "deliver/directory.h"
#include "lib/control.h"

#define QUOTA 52428800 /* bytes, without control/quota */

static int
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

int
directory_refresh(struct directory *directory)
{
	struct stat now;

	if (stat(USERS_CDB, &now) == -1)
		return -1;
	if (directory->open && same_file(&now, &directory->seen))
		return 0;
	if (directory->open)
		users_close(&directory->users);
	directory->open = 0;
	if (users_open(&directory->users) == -1)
		return -1;
	directory->open = 1;
	/* of what is open, not of what may stand there by now */
	return fstat(directory->users.fd, &directory->seen);
}

int
directory_quota(const struct user *user, unsigned long long *quota)
{
	*quota = user->quota;
	if (user->has_quota)
		return 0;
	return control_number("quota", quota, QUOTA) == -1 ? -1 : 0;
}

int
directory_only_mailbox(
    struct directory *directory, const struct user *alias, struct user *target)
{
	const char *first = alias->targets.s;
	size_t len = alias->targets.len;
	int r;

	if (len == 0 || strlen(first) + 1 != len)
		return 0;
	r = users_find(&directory->users, first, len - 1, target);
	return r == -1 ? -1 : r == 1 && target->kind == USER_MAILBOX;
}
