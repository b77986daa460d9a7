#ifndef LIB_PATTERN_LINE_H
#define LIB_PATTERN_LINE_H

/* Lists of lines that each begin with an address or a domain that they are for. */

#include <stddef.h>

/*
 * The lines are each ended by \0, as control_list gives them.  end tells where the
 * pattern of a line ends, or null, when it has no end: then the whole line is taken for
 * it.
 */
typedef const char *pattern_line_end(const char *line);

/*
 * The first line in list[0..len) whose pattern, perhaps with a dot at its end, is
 * key[0..n) in any case; or null.
 */
const char *pattern_line_find(
    const char *list, size_t len, pattern_line_end *end, const char *key, size_t n);

/*
 * The line of the domain: its own, else the one of the longest ".parent"; or null. Before
 * each in the pattern stands the string before, as "@".  Case, a dot at the end, and
 * whether it is spelt in UTF-8 or with A-labels, say nothing.
 */
const char *pattern_line_closest(const char *list, size_t len, pattern_line_end *end,
    const char *before, const char *domain);

/*
 * The line of a sender: his address, else the one of "@domain", else the one of the
 * longest "@.parent"; or null.
 */
const char *pattern_line_sender(
    const char *list, size_t len, pattern_line_end *end, const char *sender);

/* A pattern_line_end: the first blank, or null. */
const char *pattern_line_blank(const char *line);

#endif
