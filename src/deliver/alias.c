#include <string.h>

#include "deliver/alias.h"

int
alias_only_mailbox(struct users *users, const struct user *alias, struct user *target)
{
	const char *first = alias->targets.s;
	size_t len = alias->targets.len;
	int r;

	if (len == 0 || strlen(first) + 1 != len)
		return 0;
	r = users_find(users, first, len - 1, target);
	return r == -1 ? -1 : r == 1 && target->kind == USER_MAILBOX;
}
