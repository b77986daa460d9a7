#include <string.h>

#include "deliver/directory.h"
#include "lib/control.h"

#define QUOTA 52428800 /* bytes, without control/quota */

int
directory_quota(const struct user *user, unsigned long long *quota)
{
	*quota = user->quota;
	if (user->has_quota)
		return 0;
	return control_number("quota", quota, QUOTA) == -1 ? -1 : 0;
}

int
directory_only_mailbox(struct users *users, const struct user *alias, struct user *target)
{
	const char *first = alias->targets.s;
	size_t len = alias->targets.len;
	int r;

	if (len == 0 || strlen(first) + 1 != len)
		return 0;
	r = users_find(users, first, len - 1, target);
	return r == -1 ? -1 : r == 1 && target->kind == USER_MAILBOX;
}
