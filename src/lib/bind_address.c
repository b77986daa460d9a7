#include <netinet/in.h>
#include <string.h>

#include "lib/bind_address.h"
#include "lib/ipaddress.h"
#include "lib/pattern_line.h"
#include "lib/text.h"

#define BLANKS " \t"

/* One more address: 1, or 0. */
static int
take(struct bind_address *b, const char *s, size_t len)
{
	char text[IPADDRESS_TEXT_MAX];
	unsigned char ip[16];
	int is_ip4;

	if (!text_copy(text, sizeof(text), s, len) || !ipaddress_scan(text, ip))
		return 0;
	is_ip4 = IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)ip);
	if (is_ip4 ? b->has_ip4 : b->has_ip6)
		return 0;
	memcpy(is_ip4 ? b->ip4 : b->ip6, ip, 16);
	*(is_ip4 ? &b->has_ip4 : &b->has_ip6) = 1;
	return 1;
}

int
bind_address_parse(struct bind_address *b, const char *line)
{
	const char *s = line + strcspn(line, BLANKS);
	size_t n;

	memset(b, 0, sizeof(*b));
	b->line = line;
	b->pattern = (size_t)(s - line);
	for (s += strspn(s, BLANKS); *s != '\0'; s += n, s += strspn(s, BLANKS)) {
		n = strcspn(s, BLANKS);
		if (!take(b, s, n))
			return 0;
	}
	return b->pattern > 0 && (b->has_ip4 || b->has_ip6);
}

int
bind_address_find(struct bind_address *b, const char *list, size_t len,
    const char *sender, const char *domain)
{
	const char *line = pattern_line_sender(list, len, pattern_line_blank, sender);

	if (line == NULL)
		line = pattern_line_closest(list, len, pattern_line_blank, "", domain);
	if (line == NULL)
		line = pattern_line_find(list, len, pattern_line_blank, "*", 1);
	if (line == NULL)
		return 0;
	return bind_address_parse(b, line) ? 1 : -1;
}
