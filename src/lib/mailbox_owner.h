#ifndef LIB_MAILBOX_OWNER_H
#define LIB_MAILBOX_OWNER_H

/* The owner of a mailbox, as it is written: UID:GID. */

#include <stddef.h>
#include <sys/types.h>

/*
 * The owner at the beginning of s[0..len), which the end or a colon follows.  Returns its
 * length; 0 when there is none, or a number is none or too big.
 */
size_t mailbox_owner_scan(const char *s, size_t len, uid_t *uid, gid_t *gid);

#endif
