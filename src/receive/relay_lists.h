#ifndef RECEIVE_RELAY_LISTS_H
#define RECEIVE_RELAY_LISTS_H

#include <stddef.h>

/*
 * Is ip (a C string, or null) in control/relayclients?  1, 0, or -1 with errno when the
 * list can't be read.  A malformed line grants nothing and is logged.
 */
int relay_lists_client(const char *ip);

/*
 * Is the domain s[0..len) in control/relaydomains, itself or by a parent written with a
 * dot before it?  1, 0, or -1 with errno when the list can't be read.
 */
int relay_lists_domain(const char *s, size_t len);

#endif
