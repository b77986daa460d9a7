#ifndef DELIVER_DIRECTORY_H
#define DELIVER_DIRECTORY_H

#include "lib/users.h"

/*
 * The quota of a mailbox in bytes, 0 for none: its own or control/quota.  Returns 0, or
 * -1 with errno, EINVAL when the file holds no number.
 */
int directory_quota(const struct user *user, unsigned long long *quota);

/*
 * Does all of an alias's mail go to one mailbox of ours?  Then 1, and target is that
 * mailbox; 0 when not; -1 with errno.
 */
int directory_only_mailbox(
    struct users *users, const struct user *alias, struct user *target);

#endif
