#ifndef AUTH_ACCOUNT_H
#define AUTH_ACCOUNT_H

#include <stralloc.h>

#include "auth/credentials.h"
#include "lib/users.h"

/* A mailbox whose owner has proved to be that; zeroed to begin with. */
struct account {
	struct user user;
	stralloc folder;    /* "mail/DOMAIN/LOCAL", relative to the home; C string */
	const char *reason; /* why not, for the log */
};

/*
 * Do the credentials open a mailbox?  ACCEPT, REJECT or DEFER.  A name without a
 * domain is one of control/defaultdomain.  The working directory is the home.  Takes as
 * long for an unknown user as for a wrong password.
 */
int account_check(struct account *account, const struct credentials *credentials);

/*
 * Become the owner for good, enter the folder if there is one, and say
 * in the environment who and where that is.  Returns 0, or -1 with errno: then nothing
 * may be done any more but to say so.
 */
int account_become(const struct account *account, const struct credentials *credentials);

#endif
