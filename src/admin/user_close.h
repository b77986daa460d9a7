#ifndef ADMIN_USER_CLOSE_H
#define ADMIN_USER_CLOSE_H

/* Accounts that are closed, with their passwords kept for when they are opened again. */

#include "admin/user_change.h"

/*
 * Put the mark that closes an account, a `!`, before the hash of the mailbox address, or
 * take it away.  Dies as user_change does.
 */
void user_close_set(struct user_change *c, const char *address, int is_to_close);

#endif
