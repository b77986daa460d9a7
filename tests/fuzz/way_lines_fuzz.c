/* Lines about our addresses and names: a line that is well-formed is found again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bind_address.h"
#include "lib/helo_host.h"
#include "lib/ip_families.h"
#include "lib/ipaddress.h"

static void
try_bind(const char *line, size_t size)
{
	struct bind_address b, found;

	if (!bind_address_parse(&b, line))
		return;
	if (b.pattern == 0 || (!b.has_ip4 && !b.has_ip6))
		abort();
	/* of a list of one line it is the one for all, or for somebody */
	if (line[0] == '*' && b.pattern == 1 &&
	    bind_address_find(&found, line, size, "a@b.test", "c.test") != 1)
		abort();
}

static void
try_helo(const char *line, size_t size)
{
	static const unsigned char ip[16];
	const char *name = helo_host_find(line, size, ip, "fallback");
	int kind = helo_host_line(line);

	if (kind == 1 && strcmp(name, line) != 0)
		abort();
	if (kind == 2 && strcmp(name, "fallback") != 0 &&
	    strcmp(name, line + strlen(line) - strlen(name)) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned char ip[20][16];
	struct ip_families f;
	char *line = malloc(len + 1);
	size_t n = len / 16 < 20 ? len / 16 : 20, left;

	if (line == NULL)
		return 0;
	memcpy(line, data, len);
	line[len] = '\0';
	try_bind(line, strlen(line) + 1);
	try_helo(line, strlen(line) + 1);
	memcpy(ip, data, n * 16);
	if (ip_families_parse(&f, line, strlen(line)) || n > 0) {
		f.has_ip4 = f.has_ip6 = 1;
		f.ip6_first = len & 1;
		left = ip_families_sort(&f, ip, n);
		if (left != n)
			abort();
	}
	free(line);
	return 0;
}
