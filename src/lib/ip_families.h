#ifndef LIB_IP_FAMILIES_H
#define LIB_IP_FAMILIES_H

/* Over which of IPv4 and IPv6 mail is sent: control/ipfamilies. */

#include <stddef.h>

/* Zero: not set. */
struct ip_families {
	int has_ip4, has_ip6;
	int ip6_first; /* where both are there */
};

/*
 * Parse "ipv4", "ipv6", or both with blanks between, the one to begin with first. Returns
 * 1, or 0 when s is malformed.
 */
int ip_families_parse(struct ip_families *f, const char *s, size_t len);

/*
 * Sort the n addresses (IPv4 as ::ffff:a.b.c.d), of which those of no wanted family are
 * taken away, for a start one after the other (RFC 8305, 4): one family, the other one,
 * and so on, each family in its order.  Returns how many are left.
 */
size_t ip_families_sort(const struct ip_families *f, unsigned char (*ip)[16], size_t n);

#endif
