#include "admin/control_line.h"

#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/selector.h"

const char *
control_line_paused(const char *s, size_t len)
{
	if ((len == 5 && strncasecmp(s, "local", len) == 0) ||
	    (len == 6 && strncasecmp(s, "remote", len) == 0))
		return NULL;
	return address_is_domain(s, len) ? NULL : "neither local nor remote nor a domain";
}

const char *
control_line_hold(const char *s, size_t len)
{
	struct selector selector = {0};
	char line[1024];

	if (len >= sizeof line || memchr(s, '\0', len))
		return "too long for a rule";
	memcpy(line, s, len);
	line[len] = '\0';
	return selector_take_rule(&selector, line);
}

/* USER:ADDRESS, where both may be "*", and ADDRESS "@DOMAIN". */
const char *
control_line_sender(const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len), *end = s + len, *a;

	if (!colon || ((colon != s + 1 || *s != '*') &&
			  !address_is_mailbox(s, (size_t)(colon - s))))
		return "not of the form USER:ADDRESS";
	for (a = colon + 1; a < end && (*a == ' ' || *a == '\t'); a++)
		;
	if (end - a > 1 && *a == '@')
		return address_is_domain(a + 1, (size_t)(end - a) - 1) ? NULL
								       : "not a domain";
	return (end - a == 1 && *a == '*') || address_is_mailbox(a, (size_t)(end - a))
		   ? NULL
		   : "not of the form USER:ADDRESS, USER:@DOMAIN or USER:*";
}
