#ifndef LIB_VISIBLE_H
#define LIB_VISIBLE_H

/* What a terminal shows, told from what it obeys. */

#include <stddef.h>

/*
 * How many bytes the first character of s[0..len), not empty, has.  *is_visible tells
 * whether a terminal shows it and does nothing else: it is sound UTF-8, no control
 * character (the C1 ones and the separators of lines and paragraphs included), and
 * changes no direction of writing (Unicode, UAX 9).  A byte that is no UTF-8 stands
 * alone.
 */
size_t visible_first(const char *s, size_t len, int *is_visible);

/* Are all characters of s[0..len)? */
int visible_are(const char *s, size_t len);

/* So many bytes at the beginning of s[0..len) are printable ASCII, blanks among them. */
size_t visible_plain(const char *s, size_t len);

#endif
