#ifndef INSPECT_SHOW_HEADER_H
#define INSPECT_SHOW_HEADER_H

/* The fields of a message that tell what it is about. */

#include <stddef.h>

#include <stralloc.h>

/*
 * Append the fields of the message that tell what it is about, a line each and indented,
 * of a message that begins with s[0..len): From, To, Cc, Subject, Date, Message-ID.
 */
void show_header(stralloc *sa, const char *s, size_t len);

#endif
