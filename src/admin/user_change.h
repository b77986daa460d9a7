#ifndef ADMIN_USER_CHANGE_H
#define ADMIN_USER_CHANGE_H

#include <stralloc.h>

#include "admin/user_files.h"
#include "admin/user_line.h"

/*
 * A change of the users' files that is about one address.  All of these die with a
 * message when there is something wrong with it, REJECT, or with the files, DEFER;
 * nothing is changed then.  Zeroed to begin with.
 */
struct user_change {
	struct user_files files;
	struct user_line user; /* key: the address that is talked of */
	const char *address;   /* as it was given */
	stralloc text;         /* a new line */
};

/* It is about the address s. */
void user_change_of(struct user_change *c, const char *s);

/* Be alone with the files from here on, and read them. */
void user_change_begin(struct user_change *c);

/* Put the address at the head of a new line: plainly, when it needs no quotes. */
void user_change_line(struct user_change *c);

/* Find the line of the address in one of the files.  Returns 1, or 0. */
int user_change_find(
    struct user_change *c, const struct text_file *file, struct text_line *line);
int user_change_is_in(struct user_change *c, const struct text_file *file);

/* The same, parsed to user. */
int user_change_read(struct user_change *c, const struct text_file *file,
    const char *(*parse)(struct user_line *, const char *, size_t),
    struct user_line *user);

/* Make text its line, in the place of the one that is there, or at the end. */
void user_change_set(struct user_change *c, struct text_file *file);

/* Take its line out.  Returns 1, or 0 when there is none. */
int user_change_drop(struct user_change *c, struct text_file *file);

/* The address must be that of a mailbox; be in one of our domains. */
void user_change_need_mailbox(struct user_change *c);
void user_change_need_domain(struct user_change *c);

/* Die with REJECT and why, after the address: the texts say that nothing is to be done.
 */
void user_change_refuse(struct user_change *c, const char *why) __attribute__((noreturn));

/* Compile what the files will be. */
void user_change_compile(struct user_change *c);

/* Publish the changed files, second may be null, and what was compiled. */
void user_change_end(
    struct user_change *c, struct text_file *first, struct text_file *second);

#endif
