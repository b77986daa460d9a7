#ifndef DELIVER_ALIAS_H
#define DELIVER_ALIAS_H

/* Where the mail of an alias goes. */

#include "lib/users.h"

/*
 * Does all of an alias's mail go to one mailbox of ours?  Then 1, and target is that
 * mailbox; 0 when not; -1 with errno.
 */
int alias_only_mailbox(
    struct users *users, const struct user *alias, struct user *target);

#endif
