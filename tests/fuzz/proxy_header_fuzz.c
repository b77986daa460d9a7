/* A PROXY header is sound and tells both ends or none, or it is refused. */

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "front/proxy_header.h"

static void
check(const struct proxy_end *end)
{
	unsigned char bytes[16];

	if (inet_pton(
		strchr(end->ip, ':') != NULL ? AF_INET6 : AF_INET, end->ip, bytes) != 1)
		abort();
	if (!end->port[0] || atoi(end->port) > 65535)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	struct proxy_header header;
	int version, sound;

	version = proxy_header_version(s, len < PROXY_BEGIN ? len : PROXY_BEGIN);
	if (len < PROXY_V2_FIXED)
		return 0;
	if (version == 1)
		sound = proxy_header_parse_v1(&header, s, len);
	else
		sound = proxy_header_parse_v2(&header, s, len);
	if (sound && version != 1 && (version != 2 || proxy_header_v2_length(s) != len))
		abort();
	if (sound && !header.source.ip[0] != !header.destination.ip[0])
		abort();
	if (sound && header.source.ip[0]) {
		check(&header.source);
		check(&header.destination);
	}
	return 0;
}
