#ifndef REPORT_FIELD_H
#define REPORT_FIELD_H

/* Header fields and paragraphs, folded and printable. */

#include <stddef.h>

#include <stralloc.h>

#define FIELD_LINE_MAX 998 /* RFC 5322, 2.1.1 */

/*
 * What is written here has only printable characters, those of ASCII or, with utf8, also
 * others; a '?' stands for the rest.
 */

/*
 * Append the words of s, UTF-8, as a paragraph for people, in lines of about 75 bytes,
 * the first beginning with first, the others with indent; no line is over
 * FIELD_LINE_MAX.
 * `>:` is written apart.
 */
void field_put_paragraph(
    stralloc *sa, const char *first, const char *indent, const char *s);

/* Append a header field `name: value`, folded. */
void field_put(stralloc *sa, const char *name, const char *value, int utf8);

/*
 * Append a field with an address as RFC 6533 wants it: `rfc822; ` address when it is
 * ASCII, else `utf-8; ` and, without utf8, \x{...} for what is not ASCII.
 */
void field_put_address(stralloc *sa, const char *name, const char *address, int utf8);

/* Append s, on one line, of what is over 900 bytes the first part. */
void field_put_line(stralloc *sa, const char *s, int utf8);

/* Is there a byte over 127 in sa? */
int field_has_eight(const stralloc *sa);

#endif
