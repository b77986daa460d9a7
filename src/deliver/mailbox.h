#ifndef DELIVER_MAILBOX_H
#define DELIVER_MAILBOX_H

#include <sys/types.h>

/*
 * Enter the maildir of the mailbox at folder ("mail/DOMAIN/LOCAL") as its owner.  Returns
 * a descriptor of the maildir, to work from and no more (O_PATH); close it and call
 * owner_return when done.  -1 with errno, and as we were, when that fails: ENOENT when
 * there is no such folder or maildir yet, EPERM as for owner_become.
 */
int mailbox_enter(const char *folder, uid_t uid, gid_t gid);

/*
 * Make what is missing of the mailbox at folder, for its owner, and durably: the
 * domain's folder, the mailbox's, Maildir with tmp, cur and new.  Returns 0, or -1 with
 * errno.
 */
int mailbox_create(const char *folder, uid_t uid, gid_t gid);

#endif
