#include <string.h>
#include <strings.h>

#include "deliver/trace.h"

#define FIELD "Delivered-To:"
#define FIELD_LEN (sizeof(FIELD) - 1)

static int
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Is s[0..len) without the blanks around it address, in any case? */
static int
is_address(const char *s, size_t len, const char *address)
{
	for (; len > 0 && is_blank(*s); s++)
		len--;
	while (len > 0 && is_blank(s[len - 1]))
		len--;
	return len == strlen(address) && strncasecmp(s, address, len) == 0;
}

int
trace_loops(const char *s, size_t len, const char *recipient)
{
	size_t line, fields = 0;
	const char *end;

	for (; len > 0; s += line + 1, len -= line + 1) {
		end = memchr(s, '\n', len);
		line = end != NULL ? (size_t)(end - s) : len;
		if (line == 0 || (line == 1 && *s == '\r'))
			return 0;
		if (line >= FIELD_LEN && strncasecmp(s, FIELD, FIELD_LEN) == 0) {
			if (is_address(s + FIELD_LEN, line - FIELD_LEN, recipient) ||
			    ++fields > TRACE_DELIVERED_MAX)
				return 1;
		}
		if (end == NULL)
			return 0;
	}
	return 0;
}
