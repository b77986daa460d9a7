#ifndef ORIGIN_UNPACK_H
#define ORIGIN_UNPACK_H

/* Reports as they come: XML, packed as gzip or zip, or in a message. */

#include <stddef.h>

#include <stralloc.h>

#define UNPACK_MAX 134217728 /* bytes of XML that a report may have */

/*
 * Append the XML that is in s[0..len), a file.  Returns null, or what is wrong, a
 * constant text.  Dies with DEFER when memory is short.
 */
const char *unpack_xml(stralloc *xml, const char *s, size_t len);

#endif
