#ifndef DELIVER_TRACE_H
#define DELIVER_TRACE_H

#include <stddef.h>

/* Of a header are looked at so many bytes, since the newest fields stand on top. */
#define TRACE_MAX 65536

/* More Delivered-To fields are a loop, whatever they say. */
#define TRACE_DELIVERED_MAX 25

/*
 * Is a message a loop that begins with s[0..len) and is to be delivered to recipient:
 * does its header hold "Delivered-To: recipient", in any case, or too many of these
 * fields?
 */
int trace_loops(const char *s, size_t len, const char *recipient);

#endif
