#ifndef DELIVER_TRACE_H
#define DELIVER_TRACE_H

/* The trace fields of a message, looked at to find loops. */

#include <stddef.h>

/* Of a header are looked at so many bytes, since the newest fields stand on top. */
#define TRACE_MAX 65536

/*
 * Is a message a loop that begins with s[0..len) and is to be delivered to recipient:
 * does its header hold "Delivered-To: recipient", in any case, or too many of these
 * fields?
 */
int trace_loops(const char *s, size_t len, const char *recipient);

#endif
