#include <errmsg.h>

#include "fetch/clear_password.h"
#include "lib/client.h"
#include "lib/ipaddress.h"

#define LIST "clearclients"

/* Nobody listens between two programs of one machine. */
static int
is_loopback(const char *s)
{
	unsigned char ip[16];

	return ipaddress_scan(s, ip) && (ipaddress_matches(ip, "127.0.0.0/8") == 1 ||
					    ipaddress_matches(ip, "::1") == 1);
}

int
clear_password_may(const char *ip)
{
	int r;

	if (ip == NULL)
		return 0;
	if (is_loopback(ip))
		return 1;
	r = client_is_listed(LIST, ip);
	if (r == -1)
		carpsys("unable to read control/" LIST);
	return r == 1;
}
