#ifndef ADMIN_USER_ALIAS_H
#define ADMIN_USER_ALIAS_H

/* Where the aliases lead: to nobody, round in a circle, or to a mailbox. */

#include <stddef.h>

#include "admin/user_files.h"

/*
 * Name on descriptor 2, as warnings with file and line, the targets of ours that are
 * nobody's, the aliases that lead back to themselves, and the domains without a
 * postmaster; with a key s[0..len) only what has to do with its alias (s null: all).  The
 * files are compiled before.  Dies with DEFER when memory is short.
 */
void user_alias_check(const struct user_files *files, const char *s, size_t len);

/*
 * The address of a postmaster of one of our domains whose mail comes to the mailbox with
 * the key s[0..len), a C string, valid until the next call; null when there is none.
 */
const char *user_alias_postmaster(
    const struct user_files *files, const char *s, size_t len);

#endif
