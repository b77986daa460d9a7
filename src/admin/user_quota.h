#ifndef ADMIN_USER_QUOTA_H
#define ADMIN_USER_QUOTA_H

/* How many bytes a mailbox may hold, changed. */

#include "admin/user_change.h"

/*
 * Do what "quota ADDRESS BYTES" says, in argv: let the mailbox hold so many bytes, a
 * number or "default".  Dies as user_change does.
 */
void user_quota_set(struct user_change *c, int argc, char **argv);

#endif
