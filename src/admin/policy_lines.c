#include <string.h>

#include "admin/policy_lines.h"
#include "lib/dnsbl.h"
#include "lib/rate_limits.h"

#define LINE_MAX_CHECKED 1024

/* Copy s[0..len) to a C string; 0 when it does not fit. */
static int
take(char copy[LINE_MAX_CHECKED], const char *s, size_t len)
{
	if (len >= LINE_MAX_CHECKED || memchr(s, '\0', len))
		return 0;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return 1;
}

const char *
policy_lines_rate(const char *s, size_t len)
{
	char line[LINE_MAX_CHECKED];

	return take(line, s, len) && rate_limits_is_line(line)
		   ? NULL
		   : "not of the form WHO MESSAGES RECIPIENTS FAILED";
}

const char *
policy_lines_dnsbl(const char *s, size_t len)
{
	char line[LINE_MAX_CHECKED];
	struct dnsbl list;

	return take(line, s, len) && dnsbl_scan(&list, line)
		   ? NULL
		   : "not of the form ZONE, ZONE:SCORE or ZONE:SCORE:NETWORK,NETWORK...";
}

/* The sections of qmail-spp; those that spp-adapt passes over are no mistakes. */
static int
is_section(const char *s, size_t len)
{
	static const char *const names[] = {
	    "connection", "helo", "mail", "rcpt", "data", "auth", "pass", NULL};
	int i;

	for (i = 0; names[i]; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], s, len))
			return 1;
	return 0;
}

const char *
policy_lines_plugin(const char *s, size_t len)
{
	const char *end = memchr(s, ']', len);

	if (memchr(s, '\0', len))
		return "a null byte in it";
	if (*s == '[' && (!end || !is_section(s + 1, (size_t)(end - s - 1))))
		return "no section of that name";
	return *s == ':' && len == 1 ? "no command after the colon" : NULL;
}
