#ifndef QUEUE_BOUNCE_WRITE_H
#define QUEUE_BOUNCE_WRITE_H

#include <stddef.h>

#include <stralloc.h>

#include "queue/queue_file.h"

#define BOUNCE_LINE_MAX 998 /* RFC 5322, 2.1.1 */

/*
 * Append the words of s as a paragraph, in lines of about 75 bytes that begin with
 * indent; no line is over BOUNCE_LINE_MAX.  What is not printable ASCII becomes a '?'.
 */
void bounce_put_paragraph(stralloc *sa, const char *indent, const char *s);

/* Append a header field `name: value`, folded, made printable as above. */
void bounce_put_field(stralloc *sa, const char *name, const char *value);

/*
 * Append an address as RFC 6533 wants it in a field of a delivery status: `rfc822; `
 * address, or `utf-8; ` with \x{...} for what is not ASCII.
 */
void bounce_put_address_field(stralloc *sa, const char *name, const char *address);

/* How much of the original goes with the bounce. */
enum bounce_original { BOUNCE_WHOLE, BOUNCE_HEADER, BOUNCE_ERROR };

/*
 * Read the message of f: all of it is put into sa when it is wanted, at most max bytes
 * and a mail that a MIME part can hold as it is; else only its header, cut to max bytes
 * and with lines cut to what is allowed.  *eight tells whether there are bytes over 127.
 * BOUNCE_ERROR: it can't be read, errno says why.
 */
enum bounce_original bounce_put_original(
    stralloc *sa, const struct queue_file *f, size_t max, int header_only, int *eight);

#endif
