#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/ipaddress.h"
#include "way/own_host.h"
#include "way/service_setting.h"

static const unsigned char any[16];
static const unsigned char any4[16] = "\0\0\0\0\0\0\0\0\0\0\xff\xff";

static unsigned
own_port(void)
{
	return (unsigned)service_setting_number("service/smtp/env/PORT", 65535, 25);
}

/* The one address where we listen, if it is one: 1, or 0. */
static int
own_address(unsigned char ip[16])
{
	char line[64];

	return service_setting_read("service/smtp/env/IP", line, sizeof(line)) > 0 &&
	       ipaddress_scan(line, ip) && memcmp(ip, any, 16) != 0 &&
	       memcmp(ip, any4, 16) != 0;
}

static int
is_interface(const struct ifaddrs *interface, const unsigned char ip[16])
{
	const struct sockaddr *a = interface->ifa_addr;

	if (a == NULL)
		return 0;
	if (a->sa_family == AF_INET)
		return IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)ip) &&
		       memcmp(&((const struct sockaddr_in *)a)->sin_addr, ip + 12, 4) ==
			   0;
	return a->sa_family == AF_INET6 &&
	       memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr, ip, 16) == 0;
}

int
own_host_is(const unsigned char ip[16], unsigned port)
{
	struct ifaddrs *interfaces, *i;
	unsigned char own[16];
	int found;

	if (port != own_port())
		return 0;
	if (own_address(own))
		return memcmp(ip, own, 16) == 0;
	/* "this host" and all of 127.0.0.0/8 reach whatever listens on every address */
	if (memcmp(ip, any, 16) == 0 || memcmp(ip, any4, 16) == 0 ||
	    (memcmp(ip, any4, 12) == 0 && ip[12] == 127))
		return 1;
	if (getifaddrs(&interfaces) == -1)
		return 0;
	for (found = 0, i = interfaces; i != NULL && !found; i = i->ifa_next)
		found = is_interface(i, ip);
	freeifaddrs(interfaces);
	return found;
}
