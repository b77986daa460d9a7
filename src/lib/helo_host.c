#include <string.h>

#include "lib/address.h"
#include "lib/helo_host.h"
#include "lib/ipaddress.h"
#include "lib/text.h"

#define BLANKS " \t"

/* What stands behind the address, or null; the address. */
static const char *
name_of(const char *line, unsigned char ip[16])
{
	size_t n = strcspn(line, BLANKS);
	char text[IPADDRESS_TEXT_MAX];

	if (line[n] == '\0' || !text_copy(text, sizeof(text), line, n) ||
	    !ipaddress_scan(text, ip))
		return NULL;
	return line + n + strspn(line + n, BLANKS);
}

int
helo_host_line(const char *line)
{
	unsigned char ip[16];
	const char *name = name_of(line, ip);

	if (name != NULL)
		return address_is_host(name, strlen(name)) ? 2 : 0;
	return address_is_host(line, strlen(line));
}

const char *
helo_host_find(
    const char *list, size_t len, const unsigned char *ip, const char *fallback)
{
	const char *other = NULL, *line, *name;
	unsigned char own[16];

	for (line = list; line < list + len; line += strlen(line) + 1) {
		name = name_of(line, own);
		if (name == NULL && other == NULL)
			other = line;
		if (name != NULL && ip != NULL && memcmp(ip, own, 16) == 0)
			return name;
	}
	return other != NULL ? other : fallback;
}
