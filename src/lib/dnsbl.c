#include <string.h>

#include "lib/dnsbl.h"
#include "lib/ipaddress.h"
#include "lib/text.h"

#define ANSWERS "127.0.0.0/8"
#define ERRORS "127.255.255.0/24"

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

int
dnsbl_scan(struct dnsbl *list, const char *s)
{
	size_t len = strcspn(s, ":");

	memset(list, 0, sizeof *list);
	list->score = 1;
	if (len > DOMAIN_MAX || *s == '[' || !address_is_host(s, len))
		return 0;
	memcpy(list->zone, s, len);
	s += len;
	if (*s == ':')
		s = scan_score(s + 1, &list->score);
	if (s && *s == ':')
		return scan_networks(list->networks, s + 1);
	return s && !*s;
}

void
dnsbl_name(char *s, const struct dnsbl *list, const unsigned char ip[16])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const char hex[] = "0123456789abcdef";
	char digits[DECIMAL_MAX];
	int i;

	if (!memcmp(ip, mapped, sizeof mapped))
		for (i = 15; i >= 12; i--)
			s = stpcpy(stpcpy(s, text_decimal(digits, ip[i])), ".");
	else
		for (i = 15; i >= 0; i--) {
			*s++ = hex[ip[i] & 15];
			*s++ = '.';
			*s++ = hex[ip[i] >> 4];
			*s++ = '.';
		}
	strcpy(s, list->zone);
}

int
dnsbl_counts(const struct dnsbl *list, const unsigned char answer[16])
{
	const char *network;

	if (!list->networks[0])
		return ipaddress_matches(answer, ANSWERS) == 1 &&
		       ipaddress_matches(answer, ERRORS) != 1;
	for (network = list->networks; *network; network += strlen(network) + 1)
		if (ipaddress_matches(answer, network) == 1)
			return 1;
	return 0;
}
