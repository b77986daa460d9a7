#ifndef DELIVER_MAILBOX_QUOTA_H
#define DELIVER_MAILBOX_QUOTA_H

/* The quota of a mailbox, its own or everybody's. */

#include "lib/users.h"

/*
 * The quota of a mailbox in bytes, 0 for none: its own or control/quota.  Returns 0, or
 * -1 with errno, EINVAL when the file holds no number.
 */
int mailbox_quota(const struct user *user, unsigned long long *quota);

#endif
