#ifndef LIB_USERS_H
#define LIB_USERS_H

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cdb.h>
#include <stralloc.h>

#define USERS_CDB "users/users.cdb"

/*
 * users/users.cdb, made by mail-compile from control/domains, users/mailboxes and
 * users/aliases: users(5).  Keys: `d` domain; `m` address; `a` address; `c` domain (the
 * catch-all); `s`
 * (all passwords have keys for SCRAM).  Data: none for `d` and `s`; "uid:gid:quota" for
 * `m` (quota empty: the default; 0: none); targets, each ended by \0, for `a` and `c`.
 */
struct users {
	struct cdb cdb;
	int fd;               /* -1: not open */
	unsigned long opened; /* how often it has been */
	struct stat seen;     /* of the open file */
};

enum user_kind { USER_NONE, USER_MAILBOX, USER_ALIAS };

struct user {
	enum user_kind kind;
	stralloc address; /* of the mailbox or alias found, as a key, C string */
	uid_t uid;        /* the rest of a mailbox only */
	gid_t gid;
	int has_quota; /* false: control/quota holds */
	unsigned long long quota;
	stralloc
	    targets; /* of an alias, or a mailbox that is one, too: each ended by \0 */
};

/*
 * Open users/users.cdb in the working directory.  Returns 0, or -1 with errno (ENOENT:
 * nothing has been compiled yet, so there are no local domains).
 */
int users_open(struct users *u);

/*
 * Open it, or open it again when another file stands in its place; otherwise it stays
 * open.  As users_open; it is closed when that fails.
 */
int users_refresh(struct users *u);
void users_close(struct users *u);

/*
 * Is the domain s[0..len), in any case, local, as it is written or with its labels in the
 * other form (domain_form_other)?  1, 0, or -1 with errno for a damaged file.
 */
int users_domain(struct users *u, const char *s, size_t len);

/* Have all passwords the keys that SCRAM needs?  1, 0, or -1 with errno. */
int users_scram(struct users *u);

/*
 * Find the mailbox or alias of the address s[0..len): first as it is, then without
 * its +extension (RFC 5233), then the domain's catch-all; all
 * this with the domain as it is written, then in its other form.  Fills user, which is
 * used again (zeroed to begin with).  Returns 1, 0 when there is none, -1 with errno for
 * a damaged file.  Dies with DEFER when memory is short.
 */
int users_find(struct users *u, const char *s, size_t len, struct user *user);

/*
 * Append to sa the home of mailbox address (a key): "mail/DOMAIN/LOCAL", relative
 * to the home.  Returns 0 when its parts are not fit for folders.
 */
int users_folder(stralloc *sa, const char *address);

#endif
