#ifndef ADMIN_USER_KNOWN_H
#define ADMIN_USER_KNOWN_H

/* Which addresses the users' files have had so far, and what is wrong with a line. */

#include <stralloc.h>

#include "admin/user_files.h"
#include "admin/user_line.h"

/* Name a wrong line of file on descriptor 2, unless there were many, and count it. */
void user_known_complain(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const char *wrong);

/* The same for an address that stands in first too. */
void user_known_complain_twice(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const struct address_place *first);

/* Enter the key of line among the known ones.  Returns 1; or 0, said, when it was there.
 */
int user_known_enter(struct user_files *files, const struct text_file *file,
    const struct text_line *line, const stralloc *key);

/*
 * The same for an alias.  A mailbox may be an alias too, which keeps a copy of what it
 * sends on: then it is one of its own targets.
 */
int user_known_enter_alias(
    struct user_files *files, const struct text_line *line, const struct user_line *user);

/*
 * Complain when there are mailboxes and no domain: a list that an editor has emptied
 * would have all mail refused for good.
 */
void user_known_lacks_domains(struct user_files *files);

#endif
