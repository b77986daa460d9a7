#ifndef DELIVER_DIRECTORY_H
#define DELIVER_DIRECTORY_H

#include <sys/stat.h>

#include "lib/users.h"

/* users.cdb kept open between questions.  Begin with one that is zeroed. */
struct directory {
	struct users users;
	struct stat seen;
	int open;
};

/*
 * Open users.cdb, or open it again when another stands in its place.  Returns 0, or -1
 * with errno.
 */
int directory_refresh(struct directory *directory);

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
    struct directory *directory, const struct user *alias, struct user *target);

#endif
