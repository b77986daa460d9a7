#ifndef POLICY_GREY_SET_H
#define POLICY_GREY_SET_H

/* The set of clients that a sender's domain has, by SPF. */

#include <stralloc.h>

/*
 * Set name to what stands for all clients whom the sender's domain permits to send its
 * mail (RFC 7208), if the client is one of them; for a null sender the domain is helo.  A
 * domain that permits everybody has no such set.  All are C strings; an address that is
 * not one is in no set.  Returns 1, or 0.  Waits for the DNS.
 */
int grey_set_find(stralloc *name, const char *ip, const char *sender, const char *helo);

#endif
