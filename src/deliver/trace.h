#ifndef DELIVER_TRACE_H
#define DELIVER_TRACE_H

#include <stddef.h>

#define TRACE_MAX                                                                        \
	65536 /* bytes of a header that are looked at: the newest fields are on top */
#define TRACE_DELIVERED_MAX                                                              \
	25 /* Delivered-To fields: more is a loop, whatever they say */

/*
 * Is a message a loop that begins with s[0..len) and is to be delivered to recipient:
 * does its header hold "Delivered-To: recipient", in any case, or too many of these
 * fields?
 */
int trace_loops(const char *s, size_t len, const char *recipient);

#endif
