#ifndef POLICY_RELAY_LISTS_H
#define POLICY_RELAY_LISTS_H

/* The domains of others that we take mail for, and addresses that ask for a hop more. */

#include <stddef.h>

/*
 * Is the domain s[0..len), as it is written or in its other form (domain_form_other), in
 * control/relaydomains, itself or by a parent written with a dot before it?  1, 0, or -1
 * with errno when the list can't be read.
 */
int relay_lists_domain(const char *s, size_t len);

/*
 * Does the local part of the address s[0..len) ask for a further hop: user%host,
 * host!user, user@host in quotes?
 */
int relay_lists_routes(const char *s, size_t len);

#endif
