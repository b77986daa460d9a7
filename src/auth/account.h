#ifndef AUTH_ACCOUNT_H
#define AUTH_ACCOUNT_H

/* The mailbox that somebody has authenticated for, and becoming its owner. */

#include <stralloc.h>

#include "auth/scram_exchange.h"
#include "lib/credentials.h"
#include "lib/users.h"

/* A mailbox whose owner has proved to be that; zeroed, but for mark, to begin with. */
struct account {
	struct user user;
	stralloc folder;    /* "mail/DOMAIN/LOCAL", relative to the home; C string */
	const char *reason; /* why not, for the log */
	int mark;           /* of lib/logins, -1: none; -1 to begin with */
};

/* Of whom name speaks: set key to the address, a C string.  Returns 1, or 0 with the
 * reason. */
int account_key(struct account *account, stralloc *key, const char *name);

/*
 * Do the credentials open a mailbox?  ACCEPT, REJECT or DEFER.  A name without a
 * domain is one of control/defaultdomain.  The working directory is the home.  Takes as
 * long for an unknown user as for a wrong password.
 */
int account_check(struct account *account, const struct credentials *credentials);

/*
 * Begin the exchange of SCRAM that the question asks for, with the keys of whom it
 * names.  ACCEPT with the challenge appended to reply; REJECT or DEFER.
 */
int account_challenge(struct account *account, struct scram_exchange *x,
    const struct scram_question *question, stralloc *reply);

/*
 * Does the last message s[0..len) of the exchange open the mailbox?  ACCEPT with what the
 * client shall hear appended to reply; REJECT or DEFER.
 */
int account_prove(struct account *account, struct scram_exchange *x, const char *s,
    size_t len, stralloc *reply);

/*
 * Become the owner for good, enter the folder if there is one, and say
 * in the environment who and where that is.  Returns 0, or -1 with errno: then nothing
 * may be done any more but to say so.
 */
int account_become(const struct account *account, const struct credentials *credentials);

#endif
