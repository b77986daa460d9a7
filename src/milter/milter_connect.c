#include <errno.h>
#include <string.h>

#include "lib/ip_connect.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "milter/milter_connect.h"

#define HOST_MAX 64

/* The host, an address, perhaps in brackets. */
static int
take_host(struct milter_address *address, const char *s, size_t len)
{
	char host[HOST_MAX];

	if (len >= 2 && s[0] == '[' && s[len - 1] == ']') {
		s++;
		len -= 2;
	}
	if (!text_copy(host, sizeof host, s, len))
		return 0;
	return ipaddress_scan(
	    strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, address->ip);
}

static int
take_port(struct milter_address *address, const char *s, size_t len)
{
	unsigned long long port;

	if (!text_number(s, len, 65535, &port) || port == 0)
		return 0;
	address->port = (unsigned)port;
	return 1;
}

static int
parse_inet(struct milter_address *address, const char *s)
{
	const char *at = strchr(s, '@'), *colon = strrchr(s, ':');

	address->is_ip = 1;
	if (at != NULL)
		return take_port(address, s, (size_t)(at - s)) &&
		       take_host(address, at + 1, strlen(at + 1));
	return colon != NULL && take_port(address, colon + 1, strlen(colon + 1)) &&
	       take_host(address, s, (size_t)(colon - s));
}

int
milter_connect_parse(struct milter_address *address, const char *s)
{
	static const char *const kinds[] = {"inet:", "inet6:", "unix:", "local:"};
	size_t i, len;

	memset(address, 0, sizeof *address);
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		len = strlen(kinds[i]);
		if (strncmp(s, kinds[i], len) != 0)
			continue;
		s += len;
		return i < 2 ? parse_inet(address, s)
			     : *s != '\0' && text_copy(address->path,
						 sizeof address->path, s, strlen(s));
	}
	return 0;
}

int
milter_connect(const char *s, unsigned seconds, const char **why)
{
	struct milter_address address;
	int fd;

	errno = 0;
	*why = "that is no address of a milter";
	if (!milter_connect_parse(&address, s))
		return -1;
	*why = "unable to connect to the milter";
	fd = address.is_ip ? ip_connect(address.ip, address.port, seconds)
			   : unix_connect(address.path, seconds);
	return fd;
}
