#include <string.h>

#include "lib/dnsbl.h"
#include "lib/ipaddress.h"
#include "lib/text.h"

#define ANSWERS "127.0.0.0/8"

/* The SCORE at s, up to its end or a colon.  Returns its end, or null. */
static const char *
scan_score(const char *s, int *score)
{
	int is_negative = *s == '-';
	unsigned long long n;
	size_t len;

	s += is_negative;
	len = strcspn(s, ":");
	if (!text_number(s, len, DNSBL_SCORE_MAX, &n))
		return NULL;
	*score = is_negative ? -(int)n : (int)n;
	return s + len;
}

/* Returns 1, or 0 when one of them is malformed. */
static int
scan_networks(char *networks, const char *s)
{
	static const unsigned char any[16];
	size_t len;

	if (strlen(s) + 2 > DNSBL_NETWORKS_MAX)
		return 0;
	for (;; s += len + 1) {
		len = strcspn(s, ",");
		memcpy(networks, s, len);
		networks[len] = '\0';
		if (ipaddress_matches(any, networks) == -1)
			return 0;
		networks += len + 1;
		if (!s[len])
			return 1;
	}
}

/* Copy the name s[0..len) of a host.  Returns 1, or 0 when it is none. */
static int
take_host(char host[ADDRESS_DOMAIN_MAX + 1], const char *s, size_t len)
{
	if (len > ADDRESS_DOMAIN_MAX || *s == '[' || !address_is_host(s, len))
		return 0;
	memcpy(host, s, len);
	host[len] = '\0';
	return 1;
}

int
dnsbl_scan(struct dnsbl *list, const char *s)
{
	size_t len = strcspn(s, "=:");

	memset(list, 0, sizeof *list);
	list->score = 1;
	if (!take_host(list->zone, s, len))
		return 0;
	s += len;
	if (*s == '=')
		len = strcspn(++s, ":");
	else
		s -= len;
	if (!take_host(list->name, s, len))
		return 0;
	s += len;
	if (*s == ':')
		s = scan_score(s + 1, &list->score);
	if (s != NULL && *s == ':')
		return scan_networks(list->networks, s + 1);
	return s != NULL && !*s;
}

void
dnsbl_name(char *s, const struct dnsbl *list, const unsigned char ip[16])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	char digits[DECIMAL_MAX];
	int i;

	if (memcmp(ip, mapped, sizeof mapped) != 0) {
		dnsbl_name_ip6(s, list, ip);
		return;
	}
	for (i = 15; i >= 12; i--)
		s = stpcpy(stpcpy(s, text_decimal(digits, ip[i])), ".");
	strcpy(s, list->zone);
}

void
dnsbl_name_ip6(char *s, const struct dnsbl *list, const unsigned char ip[16])
{
	static const char hex[] = "0123456789abcdef";
	int i;

	for (i = 15; i >= 0; i--) {
		*s++ = hex[ip[i] & 15];
		*s++ = '.';
		*s++ = hex[ip[i] >> 4];
		*s++ = '.';
	}
	strcpy(s, list->zone);
}

int
dnsbl_is_listing(const unsigned char answer[16])
{
	static const char *const errors[] = {
	    "127.0.0.1", "127.0.0.255", "127.0.1.255", "127.255.255.0/24"};
	size_t i;

	for (i = 0; i < sizeof errors / sizeof *errors; i++)
		if (ipaddress_matches(answer, errors[i]) == 1)
			return 0;
	return ipaddress_matches(answer, ANSWERS) == 1;
}

int
dnsbl_counts(const struct dnsbl *list, const unsigned char answer[16])
{
	const char *network;

	if (!dnsbl_is_listing(answer))
		return 0;
	if (!list->networks[0])
		return 1;
	for (network = list->networks; *network; network += strlen(network) + 1)
		if (ipaddress_matches(answer, network) == 1)
			return 1;
	return 0;
}
