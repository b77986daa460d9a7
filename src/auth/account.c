#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "auth/account.h"
#include "auth/crypt_place.h"
#include "auth/failure_table.h"
#include "auth/password.h"
#include "auth/upgrade.h"
#include "lib/address.h"
#include "lib/deadline.h"
#include "lib/home.h"
#include "lib/login_name.h"
#include "lib/logins.h"
#include "lib/text.h"
#include "lib/verdict.h"

static int
defer(struct account *account, const char *reason)
{
	account->reason = reason;
	return DEFER;
}

static int
reject(struct account *account, const char *reason)
{
	account->reason = reason;
	return REJECT;
}

/* Find the mailbox whose address is just key. */
static int
find_mailbox(struct account *account, const stralloc *key)
{
	struct users users;
	int r;

	if (users_open(&users) == -1) {
		carpsys("unable to open ", USERS_CDB);
		return defer(account, "unable to open " USERS_CDB);
	}
	r = users_find(&users, key->s, key->len, &account->user);
	users_close(&users);
	if (r == -1) {
		carpsys("unable to read ", USERS_CDB);
		return defer(account, "unable to read " USERS_CDB);
	}
	if (r == 0 || account->user.kind != USER_MAILBOX ||
	    !stralloc_equal(&account->user.address, key))
		return reject(account, "no such mailbox");
	return ACCEPT;
}

/* May we be the owner, and where is his folder? */
static int
find_owner(struct account *account)
{
	if (geteuid() == 0 && account->user.uid == 0)
		return defer(account, "the mailbox belongs to root");
	if (geteuid() != 0 && account->user.uid != geteuid())
		return defer(account, "the mailbox belongs to another user");
	account->folder.len = 0;
	if (!users_folder(&account->folder, account->user.address.s))
		return defer(account, "the mailbox can't be the name of a folder");
	return ACCEPT;
}

/* The mailbox of key, for somebody who is known and right, or not. */
static int
admit(struct account *account, const stralloc *key, int known, const char *wrong)
{
	int r = find_mailbox(account, key);

	if (r == DEFER)
		return r;
	if (!known)
		return reject(account, "unknown user");
	if (wrong != NULL)
		return reject(account, wrong);
	return r == ACCEPT ? find_owner(account) : r;
}

int
account_key(struct account *account, stralloc *key, const char *name)
{
	if (login_name_key(key, name) == 0)
		return 1;
	carpsys("unable to read control/defaultdomain");
	defer(account, "unable to read control/defaultdomain");
	return 0;
}

static int
defer_passwords(struct account *account)
{
	carpsys("unable to read ", PASSWORD_CDB);
	return defer(account, "unable to read " PASSWORD_CDB);
}

static void
forget_mark(struct account *account)
{
	if (account->mark != -1)
		close(account->mark);
	account->mark = -1;
}

/*
 * Find the hash, or the keys when hash is null, of key.  The mark is opened before, so
 * that a session is ended by every change that comes after what was read; only who has a
 * password gets one.  Returns as password_find.
 */
static int
find_password(
    struct account *account, const stralloc *key, stralloc *hash, struct scram *keys)
{
	int known, create = 0;

	do {
		forget_mark(account);
		account->mark = logins_open(key->s, create);
		if (account->mark == -1 && create)
			carpsys("unable to make a mark in " LOGINS_FOLDER);
		known = hash != NULL ? password_find(key->s, key->len, hash)
				     : password_keys(key->s, key->len, keys);
	} while (known == 1 && account->mark == -1 && !create++);
	return known;
}

int
account_check(struct account *account, const struct credentials *credentials)
{
	static stralloc key, hash;
	int known, right, place, r;

	if (!account_key(account, &key, credentials->user))
		return DEFER;
	known = find_password(account, &key, &hash, NULL);
	if (known == -1)
		return defer_passwords(account);
	place = crypt_place_take(deadline_now() + CRYPT_PLACE_SECONDS * INT64_C(1000));
	if (place == -1 && errno == ETIMEDOUT)
		return defer(account, "too many passwords are being checked");
	if (place == -1)
		carpsys("unable to count the checks in " FAILURE_TABLE);
	right = password_matches(hash.s, credentials->password);
	if (place != -1)
		close(place);
	r = right == -1 ? defer(account, "out of memory for the hash")
			: admit(account, &key, known, right ? NULL : "wrong password");
	if (r == ACCEPT)
		upgrade_consider(key.s, hash.s, credentials->password);
	text_wipe(&hash);
	return r;
}

int
account_challenge(struct account *account, struct scram_exchange *x,
    const struct scram_question *question, stralloc *reply)
{
	static stralloc key;
	const char *wrong = scram_exchange_begin(x, question);

	if (wrong != NULL)
		return reject(account, wrong);
	if (!account_key(account, &key, x->name.s))
		return DEFER;
	x->known = find_password(account, &key, NULL, &x->keys);
	if (x->known == -1)
		return defer_passwords(account);
	if (scram_exchange_challenge(x, reply) == -1) {
		carpsys("unable to make a nonce");
		return defer(account, "unable to make a nonce");
	}
	return ACCEPT;
}

int
account_prove(struct account *account, struct scram_exchange *x, const char *s,
    size_t len, stralloc *reply)
{
	static stralloc key;
	const char *wrong = scram_exchange_finish(x, s, len, reply);

	if (!account_key(account, &key, x->name.s))
		return DEFER;
	return admit(account, &key, 1, wrong);
}

static int
put_environment(const struct account *account, const struct credentials *credentials)
{
	stralloc home = {0};
	char digits[DECIMAL_MAX];

	text_cat(&home, home_path(), "/", account->folder.s, (char *)NULL);
	text_terminate(&home);
	if (setenv("USER", account->user.address.s, 1) == -1 ||
	    setenv("AUTHUSER", account->user.address.s, 1) == -1 ||
	    setenv("HOME", home.s, 1) == -1 || setenv("SHELL", "/bin/sh", 1) == -1)
		return -1;
	if (*credentials->client != '\0' &&
	    setenv("TCPREMOTEIP", credentials->client, 1) == -1)
		return -1;
	stralloc_free(&home);
	if (account->mark == -1)
		return unsetenv(LOGINS_FD);
	return setenv(LOGINS_FD, text_decimal(digits, (unsigned)account->mark), 1) ==
			   -1 ||
		       fcntl(account->mark, F_SETFD, 0) == -1
		   ? -1
		   : 0;
}

int
account_become(const struct account *account, const struct credentials *credentials)
{
	gid_t gid = account->user.gid;

	if (geteuid() == 0 && (setgroups(1, &gid) == -1 || setgid(gid) == -1 ||
				  setuid(account->user.uid) == -1))
		return -1;
	/* none yet: nothing was ever delivered, so any place without a maildir will do */
	if (chdir(account->folder.s) == -1 && errno != ENOENT)
		return -1;
	return put_environment(account, credentials);
}
