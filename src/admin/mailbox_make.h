#ifndef ADMIN_MAILBOX_MAKE_H
#define ADMIN_MAILBOX_MAKE_H

/* The folder of a mailbox, made when its user is. */

#include <sys/types.h>

/*
 * Make the home mail/DOMAIN/LOCAL of the mailbox key (an address as it is looked up) with
 * its Maildir, for uid and gid, as far as it isn't there, and bring it to the disk.
 * Returns 1 when there was a Maildir already, 0 when it is new; dies with DEFER,
 * or with REJECT when the folder belongs to somebody else.
 */
int mailbox_make(const char *key, uid_t uid, gid_t gid);

/*
 * Choose whose a new mailbox is: given ("UID:GID"), or when that is null the one of
 * control/mailuser if we are root, else we.  Dies with REJECT when that can't be, with
 * DEFER when nothing tells.
 */
void mailbox_make_owner(const char *given, uid_t *uid, gid_t *gid);

#endif
