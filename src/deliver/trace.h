#ifndef DELIVER_TRACE_H
#define DELIVER_TRACE_H

/* The trace fields of a message, looked at to find loops. */

#include <stddef.h>

/*
 * Is a message a loop that begins with s[0..len), which need not be all of its header,
 * since the newest fields stand on top, and is to be delivered to recipient:
 * does its header hold "Delivered-To: recipient", in any case, or too many of these
 * fields?
 */
int trace_loops(const char *s, size_t len, const char *recipient);

#endif
