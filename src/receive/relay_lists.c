#include <string.h>
#include <strings.h>

#include <stralloc.h>

#include "lib/control.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "receive/relay_lists.h"

int
relay_lists_client(const char *ip)
{
	unsigned char address[16];
	stralloc list = {0};
	const char *rule;
	int r, found = 0;

	r = control_list("relayclients", &list);
	if (r == 1 && ip && ipaddress_scan(ip, address))
		for (rule = list.s; !found && rule < list.s + list.len;
		     rule += strlen(rule) + 1) {
			found = ipaddress_matches(address, rule);
			if (found == -1) {
				log_event(NULL, "malformed", "file",
				    "control/relayclients", "line", rule, NULL);
				found = 0;
			}
		}
	stralloc_free(&list);
	return r == -1 ? -1 : found;
}

static int
domain_matches(const char *s, size_t len, const char *rule)
{
	size_t size = strlen(rule);

	if (*rule == '.' && size < len) {
		s += len - size;
		len = size;
	}
	return len == size && !strncasecmp(s, rule, len);
}

int
relay_lists_domain(const char *s, size_t len)
{
	stralloc list = {0};
	const char *rule;
	int r, found = 0;

	r = control_list("relaydomains", &list);
	if (r == 1)
		for (rule = list.s; !found && rule < list.s + list.len;
		     rule += strlen(rule) + 1)
			found = domain_matches(s, len, rule);
	stralloc_free(&list);
	return r == -1 ? -1 : found;
}
