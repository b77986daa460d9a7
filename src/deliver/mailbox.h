#ifndef DELIVER_MAILBOX_H
#define DELIVER_MAILBOX_H

/* The way into a mailbox's maildir, as its owner. */

#include <sys/types.h>

/*
 * Enter the maildir of the mailbox at folder ("mail/DOMAIN/LOCAL") as its owner.  Returns
 * a descriptor of the maildir, to work from and no more (O_PATH); close it and call
 * owner_return when done.  -1 with errno, and as we were, when that fails: ENOENT when
 * there is no such folder or maildir yet, EPERM as for owner_become.
 */
int mailbox_enter(const char *folder, uid_t uid, gid_t gid);

/*
 * The two steps of that: the mailbox's folder, as who we are (-1 with errno, ENOENT when
 * there is none yet), and then, as its owner, the maildir in it.  Both are descriptors to
 * work from.
 */
int mailbox_open_home(const char *folder);
int mailbox_open_maildir(int home);

/*
 * Make what is missing of the mailbox at folder, for its owner, and durably: the
 * domain's folder, the mailbox's, Maildir with tmp, cur and new.  Returns 0, or -1 with
 * errno, EPERM when we are root, and mail or the domain's folder is another's, or others
 * can rename what is in it.
 */
int mailbox_create(const char *folder, uid_t uid, gid_t gid);

#endif
