#ifndef INSPECT_SHOW_TEXT_H
#define INSPECT_SHOW_TEXT_H

/* A message's text made fit for a terminal. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

/*
 * Append s[0..len) so that a terminal shows it and does nothing else: control characters,
 * those that change the direction of writing, and what is not UTF-8 become \xHH. Newlines
 * and tabs stay when lines.  Unless last, some bytes at the end that may be the beginning
 * of a character are left for the next call.  Returns how many bytes were taken.  Dies
 * with DEFER when memory is short.
 */
size_t show_text(stralloc *sa, const char *s, size_t len, int lines, int last);

/* Append the C string s, one line of it. */
void show_text_word(stralloc *sa, const char *s);

/* Append the time, in seconds since 1970, as 2026-11-23 10:33:56 in local time. */
void show_text_time(stralloc *sa, int64_t seconds);

#endif
