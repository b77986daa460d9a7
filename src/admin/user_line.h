#ifndef ADMIN_USER_LINE_H
#define ADMIN_USER_LINE_H

/* The parsing of a line of users/mailboxes, aliases or passwords. */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

/* What all lines of users/ begin with; the rest depends on the file: users(5). */
struct user_line {
	stralloc key; /* the address as it is looked up, or @domain for a catch-all */
	uid_t uid;
	gid_t gid;
	int has_quota;
	unsigned long long quota;
	stralloc targets; /* of an alias, as written, each ended by \0 */
	stralloc hash;    /* of a password, a C string */
	stralloc keys;    /* of the same, for SCRAM; empty: none */
};

/*
 * Parse s[0..len), a line of users/mailboxes (ADDRESS:UID:GID:QUOTA), users/aliases
 * (ADDRESS: TARGET, TARGET...) or users/passwords (ADDRESS:HASH or
 * ADDRESS:HASH:KEYS), without its newline and trailing blanks.  Each returns null and
 * fills its part of line (which is used again, zeroed to begin with), or says what is
 * wrong.  They die with DEFER when memory is short.
 */
const char *user_line_mailbox(struct user_line *line, const char *s, size_t len);
const char *user_line_alias(struct user_line *line, const char *s, size_t len);
const char *user_line_password(struct user_line *line, const char *s, size_t len);

/*
 * Where the one of targets, as those of an alias, begins that is the address s[0..len) in
 * any spelling; their length when none is.
 */
size_t user_line_target(const stralloc *targets, const char *s, size_t len);

/* Where the hash begins in a line of users/passwords; len when it has none. */
size_t user_line_hash(const char *s, size_t len);

/* Is the key s[0..len) fit for a mailbox, which has folders by its name?  Null, or what
 * is wrong. */
const char *user_line_fit(const char *s, size_t len);

/* The address of any of these lines only, set in line->key; null, or what is wrong. */
const char *user_line_key(struct user_line *line, const char *s, size_t len);

#endif
