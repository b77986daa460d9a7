#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/ipaddress.h"
#include "policy/helo_name.h"

#define LITERAL_MAX 64
#define IPV6 "IPv6:"

/* [192.0.2.1] or [IPv6:2001:db8::1] */
static int
scan_literal(const char *s, unsigned char ip[16])
{
	char copy[LITERAL_MAX];
	size_t len = strlen(s);
	int is_v6;

	if (len < 3 || len >= LITERAL_MAX || s[len - 1] != ']')
		return 0;
	s++;
	len -= 2;
	is_v6 = len > sizeof IPV6 - 1 && strncasecmp(s, IPV6, sizeof IPV6 - 1) == 0;
	if (is_v6) {
		s += sizeof IPV6 - 1;
		len -= sizeof IPV6 - 1;
	}
	memcpy(copy, s, len);
	copy[len] = '\0';
	return strchr(copy, '%') == NULL && is_v6 == (strchr(copy, ':') != NULL) &&
	       ipaddress_scan(copy, ip);
}

enum helo_kind
helo_name_scan(const char *s, unsigned char ip[16])
{
	if (*s == '[')
		return scan_literal(s, ip) ? HELO_LITERAL : HELO_SENSELESS;
	if (ipaddress_scan(s, ip))
		return HELO_BARE;
	if (!address_is_domain(s, strlen(s)))
		return HELO_SENSELESS;
	return strchr(s, '.') != NULL ? HELO_HOST : HELO_SHORT;
}

int
helo_name_matches(const char *name, const char *rule)
{
	size_t len = strlen(name), size = strlen(rule);

	if (*rule == '.' && size < len)
		name += len - size;
	return strcasecmp(name, rule) == 0;
}
