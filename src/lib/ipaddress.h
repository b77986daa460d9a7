#ifndef LIB_IPADDRESS_H
#define LIB_IPADDRESS_H

/* IP addresses and networks, IPv4 as mapped into IPv6. */

#include <stddef.h>

/*
 * The IPv4 or IPv6 address s as 16 bytes, IPv4 as ::ffff:a.b.c.d, so that a
 * mapped address and its IPv4 form are one.  A %zone is dropped.  Returns 1, or 0.
 */
int ipaddress_scan(const char *s, unsigned char ip[16]);

#define IPADDRESS_TEXT_MAX 46 /* INET6_ADDRSTRLEN */

/* The other way round; returns s. */
char *ipaddress_text(char s[IPADDRESS_TEXT_MAX], const unsigned char ip[16]);

/*
 * Does ip lie in rule: an address, or ADDRESS/BITS (CIDR, RFC 4632)?
 * 1, 0, or -1 when the rule is malformed (host bits set included).
 */
int ipaddress_matches(const unsigned char ip[16], const char *rule);

#endif
