#ifndef LIB_DNSBL_H
#define LIB_DNSBL_H

#include "lib/address.h"

#define DNSBL_NETWORKS_MAX 256
#define DNSBL_SCORE_MAX 1000
#define DNSBL_NAME_MAX (64 + ADDRESS_DOMAIN_MAX + 1)

/* A list of addresses in the DNS: RFC 5782. */
struct dnsbl {
	char zone[ADDRESS_DOMAIN_MAX + 1]; /* may have a private key in it */
	char name[ADDRESS_DOMAIN_MAX + 1]; /* under which others hear of it */
	int score;                         /* negative for one of good clients */
	char networks[DNSBL_NETWORKS_MAX]; /* of answers that count, each ended by \0 */
};

/*
 * Parse the C string ZONE, ZONE:SCORE or ZONE:SCORE:NETWORK,NETWORK..., where ZONE may be
 * ZONE=NAME.  Returns 1, or 0 when it is malformed.
 */
int dnsbl_scan(struct dnsbl *list, const char *s);

/*
 * Write the name under which the list has ip to s, which holds DNSBL_NAME_MAX bytes:
 * the bytes of an IPv4 address, or the half bytes of an IPv6 one, the last one first.
 */
void dnsbl_name(char *s, const struct dnsbl *list, const unsigned char ip[16]);

/*
 * The same with the half bytes of an IPv4 address, too, in its form of IPv6: the name
 * that a list of IPv6 addresses only has it under, for tests (RFC 5782, 5).
 */
void dnsbl_name_ip6(char *s, const struct dnsbl *list, const unsigned char ip[16]);

/*
 * Is this answer one of a list that has an address?  It lies in 127.0.0.0/8, and is none
 * of 127.0.0.1, 127.0.0.255, 127.0.1.255 and 127.255.255.0/24, which tell of errors.
 */
int dnsbl_is_listing(const unsigned char answer[16]);

/*
 * Does this answer of the list mean that the address is in it?  It is one of a list, and
 * lies in its networks when it has some.
 */
int dnsbl_counts(const struct dnsbl *list, const unsigned char answer[16]);

#endif
