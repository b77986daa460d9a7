#ifndef ADMIN_USER_LIST_H
#define ADMIN_USER_LIST_H

/*
 * Write the mailboxes and aliases, of all domains or (not null) of one, to descriptor 1,
 *in the order of their addresses, a line each: ADDRESS	mailbox	UID:GID QUOTA (bytes,
 *"default", or 0 for none) ADDRESS	alias	TARGET, TARGET... Returns how many.  Lines
 *that can't be understood are named on descriptor 2.  Dies with DEFER.
 */
unsigned long user_list(const char *domain);

#endif
