#include <errno.h>
#include <string.h>

#include "lib/control.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "way/never_to.h"

/* RFC 6890 and the registries that it founded; RFC 5771 and 4291 (multicast). */
static const char usual[] = "0.0.0.0/8\0"
			    "10.0.0.0/8\0"
			    "100.64.0.0/10\0"
			    "127.0.0.0/8\0"
			    "169.254.0.0/16\0"
			    "172.16.0.0/12\0"
			    "192.0.0.0/24\0"
			    "192.0.2.0/24\0"
			    "192.168.0.0/16\0"
			    "198.18.0.0/15\0"
			    "198.51.100.0/24\0"
			    "203.0.113.0/24\0"
			    "224.0.0.0/3\0"
			    "::/127\0"
			    "100::/64\0"
			    "2001:db8::/32\0"
			    "fc00::/7\0"
			    "fe80::/10\0"
			    "ff00::/8";

int
never_to_read(stralloc *rules)
{
	static const unsigned char any[16];
	int r = control_list("neverto", rules);

	if (r == 0)
		text_setb(rules, usual, sizeof usual);
	for (size_t i = 0; i < rules->len; i += strlen(rules->s + i) + 1)
		if (ipaddress_matches(any, rules->s + i) == -1) {
			errno = EINVAL;
			return -1;
		}
	return r == -1 ? -1 : 0;
}

int
never_to_has(const stralloc *rules, const unsigned char ip[16])
{
	for (size_t i = 0; i < rules->len; i += strlen(rules->s + i) + 1)
		if (ipaddress_matches(ip, rules->s + i) == 1)
			return 1;
	return 0;
}
