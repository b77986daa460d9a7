#include <string.h>
#include <strings.h>

#include <stralloc.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/domain_form.h"
#include "policy/relay_lists.h"

static int
domain_matches(const char *s, size_t len, const char *rule)
{
	size_t size = strlen(rule);

	if (*rule == '.' && size < len) {
		s += len - size;
		len = size;
	}
	return len == size && strncasecmp(s, rule, len) == 0;
}

int
relay_lists_domain(const char *s, size_t len)
{
	stralloc list = {0}, key = {0}, other = {0};
	const char *rule;
	int r, found = 0;

	address_key(&key, s, len);
	domain_form_other(&other, key.s, key.len);
	r = control_list("relaydomains", &list);
	if (r == 1)
		for (rule = list.s; !found && rule < list.s + list.len;
		     rule += strlen(rule) + 1)
			found = domain_matches(s, len, rule) ||
				(other.len && domain_matches(other.s, other.len, rule));
	stralloc_free(&list);
	stralloc_free(&key);
	stralloc_free(&other);
	return r == -1 ? -1 : found;
}

int
relay_lists_routes(const char *s, size_t len)
{
	size_t i, domain = address_domain(s, len);

	for (i = 0; i + 1 < domain; i++)
		if (s[i] == '%' || s[i] == '!' || s[i] == '@')
			return 1;
	return 0;
}
