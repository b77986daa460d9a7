#ifndef ADMIN_USER_TARGETS_H
#define ADMIN_USER_TARGETS_H

/* The targets of an alias, made and changed by mail-user. */

#include "admin/user_change.h"

#define USER_TARGETS_MAX 1000 /* of one alias */

/*
 * Do what "alias [add|remove|set] ADDRESS TARGET..." says, in argv[0..argc); a new alias
 * without a verb.  Dies as user_change does.
 */
void user_targets_verb(struct user_change *c, int argc, char **argv);

#endif
