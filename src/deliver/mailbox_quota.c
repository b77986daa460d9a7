#include <errno.h>

#include "deliver/mailbox_quota.h"
#include "lib/control.h"

#define QUOTA 52428800 /* bytes, without control/quota */

int
mailbox_quota(const struct user *user, unsigned long long *quota)
{
	int saved;

	*quota = user->quota;
	if (user->has_quota)
		return 0;
	if (control_number("quota", quota, QUOTA) != -1)
		return 0;
	saved = errno;
	control_complain("quota");
	errno = saved;
	return -1;
}
