#include <arpa/inet.h>
#include <string.h>

#include "front/proxy_header.h"
#include "lib/text.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V1_BEGIN "PROXY "

#define V2_COMMAND 12 /* where it stands: version and command, family, length */
#define V2_FAMILY 13
#define V2_LENGTH 14
#define V2_LOCAL 0x20
#define V2_PROXY 0x21
#define V2_UNSPEC 0x00
#define V2_TCP4 0x11
#define V2_TCP6 0x21
#define TLV_FIXED 3

static int
begins(const char *s, size_t len, const char *with, size_t size)
{
	return memcmp(s, with, len < size ? len : size) == 0;
}

int
proxy_header_version(const char *s, size_t len)
{
	if (begins(s, len, SIGNATURE, sizeof SIGNATURE - 1))
		return 2;
	return begins(s, len, V1_BEGIN, sizeof V1_BEGIN - 1);
}

/* An IPv4 address in IPv6's clothes is an IPv4 address, for every list that names it. */
static void
write_ip(char *s, int family, const void *bytes)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (family == AF_INET6 && memcmp(bytes, mapped, sizeof mapped) == 0) {
		family = AF_INET;
		bytes = (const char *)bytes + sizeof mapped;
	}
	inet_ntop(family, bytes, s, INET6_ADDRSTRLEN);
}

/* The next field, up to the blank or the CR at its end, which it steps over; as a C
 * string in field[0..max).  1, or 0. */
static int
take_field(const char **s, const char *end, char until, char *field, size_t max)
{
	const char *at = memchr(*s, until, (size_t)(end - *s));
	size_t len = at != NULL ? (size_t)(at - *s) : 0;

	if (!len || len >= max || memchr(*s, '\0', len) != NULL)
		return 0;
	memcpy(field, *s, len);
	field[len] = '\0';
	*s = at + 1;
	return 1;
}

static int
take_ip(const char **s, const char *end, int family, char *ip)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	char field[INET6_ADDRSTRLEN];

	if (!take_field(s, end, ' ', field, sizeof field) ||
	    inet_pton(family, field, bytes) != 1)
		return 0;
	write_ip(ip, family, bytes);
	return 1;
}

static int
take_port(const char **s, const char *end, char until, char *port)
{
	unsigned long long n;

	return take_field(s, end, until, port, PROXY_PORT_MAX) &&
	       text_number(port, strlen(port), 65535, &n) && (port[0] != '0' || !port[1]);
}

int
proxy_header_parse_v1(struct proxy_header *header, const char *s, size_t len)
{
	const char *end = s + len - 1;
	char protocol[8];
	int family;

	memset(header, 0, sizeof *header);
	if (len > PROXY_V1_MAX || len < PROXY_BEGIN || s[len - 1] != '\n' ||
	    s[len - 2] != '\r' || memcmp(s, V1_BEGIN, sizeof V1_BEGIN - 1) != 0)
		return 0;
	if (memchr(s, '\r', len) != s + len - 2 || memchr(s, '\n', len) != end)
		return 0;
	s += sizeof V1_BEGIN - 1;
	if (end - s >= 8 && memcmp(s, "UNKNOWN", 7) == 0 && (s[7] == ' ' || s[7] == '\r'))
		return 1;
	if (!take_field(&s, end, ' ', protocol, sizeof protocol))
		return 0;
	if (strcmp(protocol, "TCP4") != 0 && strcmp(protocol, "TCP6") != 0)
		return 0;
	family = protocol[3] == '4' ? AF_INET : AF_INET6;
	return take_ip(&s, end, family, header->source.ip) &&
	       take_ip(&s, end, family, header->destination.ip) &&
	       take_port(&s, end, ' ', header->source.port) &&
	       take_port(&s, end, '\r', header->destination.port) && s == end;
}

static size_t
number16(const char *s)
{
	return (size_t)(unsigned char)s[0] << 8 | (unsigned char)s[1];
}

size_t
proxy_header_v2_length(const char s[PROXY_V2_FIXED])
{
	size_t len = PROXY_V2_FIXED + number16(s + V2_LENGTH);
	unsigned char command = (unsigned char)s[V2_COMMAND];

	if (memcmp(s, SIGNATURE, sizeof SIGNATURE - 1) != 0 || len > PROXY_V2_MAX ||
	    (command != V2_LOCAL && command != V2_PROXY))
		return 0;
	return len;
}

/* Are s[0..len) whole TLVs? */
static int
are_tlvs(const char *s, size_t len)
{
	size_t at = 0;

	while (len - at >= TLV_FIXED) {
		if (number16(s + at + 1) > len - at - TLV_FIXED)
			return 0;
		at += TLV_FIXED + number16(s + at + 1);
	}
	return at == len;
}

int
proxy_header_parse_v2(struct proxy_header *header, const char *s, size_t len)
{
	unsigned char protocol;
	size_t size;
	char digits[DECIMAL_MAX];
	int family;

	memset(header, 0, sizeof *header);
	if (len < PROXY_V2_FIXED || proxy_header_v2_length(s) != len)
		return 0;
	/* A health check, or a protocol not told: what follows is to be passed over. */
	protocol = (unsigned char)s[V2_FAMILY];
	header->is_local = s[V2_COMMAND] == V2_LOCAL;
	if (header->is_local || protocol == V2_UNSPEC)
		return 1;
	if (protocol != V2_TCP4 && protocol != V2_TCP6)
		return 0;
	family = protocol == V2_TCP4 ? AF_INET : AF_INET6;
	size = family == AF_INET ? 4 : 16;
	s += PROXY_V2_FIXED;
	len -= PROXY_V2_FIXED;
	if (len < 2 * size + 4 || !are_tlvs(s + 2 * size + 4, len - 2 * size - 4))
		return 0;
	write_ip(header->source.ip, family, s);
	write_ip(header->destination.ip, family, s + size);
	strcpy(header->source.port, text_decimal(digits, number16(s + 2 * size)));
	strcpy(
	    header->destination.port, text_decimal(digits, number16(s + 2 * size + 2)));
	return 1;
}
