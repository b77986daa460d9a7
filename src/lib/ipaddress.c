#include <arpa/inet.h>
#include <string.h>

#include "lib/ipaddress.h"
#include "lib/text.h"

#define MAPPED_BITS 96 /* ::ffff:0:0/96: RFC 4291, 2.5.5.2 */

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

/* As ipaddress_scan, for s[0..len); *v4 tells which form it was. */
static int
scan(const char *s, size_t len, unsigned char ip[16], int *v4)
{
	char copy[INET6_ADDRSTRLEN];
	const char *zone = memchr(s, '%', len);

	if (zone != NULL)
		len = (size_t)(zone - s);
	if (len >= sizeof(copy))
		return 0;
	memcpy(copy, s, len);
	copy[len] = '\0';
	*v4 = inet_pton(AF_INET, copy, ip + 12) == 1;
	if (*v4) {
		memcpy(ip, mapped, sizeof(mapped));
		return 1;
	}
	return inet_pton(AF_INET6, copy, ip) == 1;
}

int
ipaddress_scan(const char *s, unsigned char ip[16])
{
	int v4;

	return scan(s, strlen(s), ip, &v4);
}

char *
ipaddress_text(char s[IPADDRESS_TEXT_MAX], const unsigned char ip[16])
{
	int v4 = memcmp(ip, mapped, sizeof(mapped)) == 0;

	inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? ip + 12 : ip, s, IPADDRESS_TEXT_MAX);
	return s;
}

/* Bit i of ip, counted from the left. */
static int
bit(const unsigned char *ip, unsigned i)
{
	return ip[i / 8] >> (7 - i % 8) & 1;
}

int
ipaddress_matches(const unsigned char ip[16], const char *rule)
{
	const char *slash = strchr(rule, '/');
	size_t len = slash != NULL ? (size_t)(slash - rule) : strlen(rule);
	unsigned char network[16];
	unsigned long long bits;
	unsigned i;
	int v4;

	if (!scan(rule, len, network, &v4))
		return -1;
	bits = v4 ? 32 : 128;
	if (slash != NULL && !text_number(slash + 1, strlen(slash + 1), bits, &bits))
		return -1;
	if (v4)
		bits += MAPPED_BITS;
	for (i = (unsigned)bits; i < 128; i++)
		if (bit(network, i))
			return -1;
	for (i = 0; i < bits; i++)
		if (bit(network, i) != bit(ip, i))
			return 0;
	return 1;
}
