#include <errno.h>

#include "deliver/mailbox_quota.h"
#include "lib/control.h"
#include "lib/control_again.h"

#define QUOTA 52428800 /* bytes, without control/quota */

int
mailbox_quota(const struct user *user, unsigned long long *quota)
{
	static struct control_again last; /* a cache, and what was read: */
	static unsigned long long usual;
	int saved;

	*quota = user->quota;
	if (user->has_quota)
		return 0;
	if (control_again_number(&last, "quota", &usual, QUOTA) != -1) {
		*quota = usual;
		return 0;
	}
	saved = errno;
	control_complain("quota");
	errno = saved;
	return -1;
}
