#ifndef ADMIN_USER_FILES_H
#define ADMIN_USER_FILES_H

#include "admin/address_set.h"
#include "control/text_file.h"
#include "lib/new_file.h"

#define USER_ME "control/me"
#define USER_DOMAINS "control/domains"
#define USER_MAILBOXES "users/mailboxes"
#define USER_ALIASES "users/aliases"
#define USER_PASSWORDS "users/passwords"
#define USER_SECRET "users/secret"

/* The users as text, which is the truth, and what follows from it: users(5). */
struct user_files {
	struct text_file domains;
	struct text_file mailboxes;
	struct text_file aliases;
	struct text_file passwords;
	struct address_set local;   /* the domains */
	struct address_set known;   /* mailboxes, aliases and @domain of catch-alls */
	struct address_set copied;  /* aliases that are mailboxes too */
	unsigned wrong;             /* how many lines are */
	unsigned keyless;           /* passwords that SCRAM can't be used with */
	unsigned long keyless_line; /* the first of them */
	int warn;                   /* name also what is only suspicious */
	struct new_file compiled[2];
};

/*
 * Take users/lock and keep it until we end, so that of several that change the users at
 * once each sees what the one before it did.  Dies with DEFER.
 */
void user_files_lock(void);

/* Read control/domains from the home, to domains and local. */
void user_files_domains(struct user_files *files);

/* Read all four files.  Dies with DEFER, naming the file, when one can't be
 * read. */
void user_files_read(struct user_files *files);

/*
 * Compile them to users/users.cdb.tmp and users/passwords.cdb.tmp.  Returns 0; or -1 when
 * there are wrong lines, each of which has been named on descriptor 2, and the new files
 * are gone.  Dies with DEFER when they can't be written.
 */
int user_files_compile(struct user_files *files);

/* Take the compiled files away again. */
void user_files_abandon(struct user_files *files);

/*
 * Put the compiled files in place, after the n texts that were changed (mailboxes,
 * aliases or passwords of files).  All are on the disk before the first gets its name,
 * and the texts come first, so whatever a crash interrupts is made good by the next run.
 * Dies with DEFER.
 */
void user_files_publish(
    struct user_files *files, struct text_file *const *changed, size_t n);

#endif
