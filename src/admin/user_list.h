#ifndef ADMIN_USER_LIST_H
#define ADMIN_USER_LIST_H

/* What mail-user list shows. */

/*
 * Write the mailboxes and aliases, of all domains or (not null) of one, to descriptor 1,
 * in the order of their addresses, a line each, as mail-user(8) says.  Returns how many.
 * Lines that can't be understood are named on descriptor 2.  Dies with DEFER.
 */
unsigned long user_list(const char *domain);

#endif
