#ifndef LIB_DNSBL_H
#define LIB_DNSBL_H

#include "lib/address.h"

#define DNSBL_NETWORKS_MAX 256
#define DNSBL_SCORE_MAX 1000
#define DNSBL_NAME_MAX (64 + DOMAIN_MAX + 1)

/* A list of addresses in the DNS: RFC 5782. */
struct dnsbl {
	char zone[DOMAIN_MAX + 1];
	int score;                         /* negative for one of good clients */
	char networks[DNSBL_NETWORKS_MAX]; /* of answers that count, each ended by \0 */
};

/*
 * Parse the C string ZONE, ZONE:SCORE or ZONE:SCORE:NETWORK,NETWORK...  Returns 1, or 0
 * when it is malformed.
 */
int dnsbl_scan(struct dnsbl *list, const char *s);

/*
 * Write the name under which the list has ip to s, which holds DNSBL_NAME_MAX bytes:
 * the bytes of an IPv4 address, or the half bytes of an IPv6 one, the last one first.
 */
void dnsbl_name(char *s, const struct dnsbl *list, const unsigned char ip[16]);

/*
 * Does this answer of the list mean that the address is in it?  Without networks
 * 127.0.0.0/8 does, but not 127.255.255.0/24, which tells of errors.
 */
int dnsbl_counts(const struct dnsbl *list, const unsigned char answer[16]);

#endif
