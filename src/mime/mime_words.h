#ifndef MIME_MIME_WORDS_H
#define MIME_MIME_WORDS_H

/* Raw 8-bit text of a header as encoded words: RFC 2047. */

#include <stddef.h>

#include <stralloc.h>

/* The charset to name: utf-8 if it is sound UTF-8, else unknown-8bit (RFC 1428). */
const char *mime_words_charset(const char *s, size_t len);

/*
 * Append the bytes s[0..len) as encoded words that may stand everywhere in a header; more
 * than one are on lines of their own, which end with eol.
 */
void mime_words_put(stralloc *out, const char *s, size_t len, const char *eol);

/*
 * Append text, which may be folded and may hold encoded words, with what is not ASCII in
 * encoded words.  A reader sees the same as before.
 */
void mime_words_text(stralloc *out, const char *s, size_t len, const char *eol);

/* Append s[0..len) without line ends. */
void mime_words_unfold(stralloc *out, const char *s, size_t len);

#endif
