#ifndef ADMIN_USER_EDIT_H
#define ADMIN_USER_EDIT_H

#include <stddef.h>

#include "admin/text_file.h"

/*
 * Find the line of file (users/mailboxes, users/aliases or users/passwords) whose address
 * has the key s[0..len).  Returns 1 with it in *line, or 0.
 */
int user_edit_find(
    const struct text_file *file, const char *s, size_t len, struct text_line *line);

/*
 * Make text[0..size) (without newline) the line of the key s[0..len): in the place of the
 * one that is there, or at the end.
 */
void user_edit_set(
    struct text_file *file, const char *s, size_t len, const char *text, size_t size);

/* Take the line of the key s[0..len) out.  Returns 1, or 0 when there is none. */
int user_edit_drop(struct text_file *file, const char *s, size_t len);

/* Is the domain s[0..len), as a key, one of the lines of file (control/domains)? */
int user_edit_is_domain(const struct text_file *file, const char *s, size_t len);

#endif
