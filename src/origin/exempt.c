#include <string.h>
#include <strings.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/address.h"
#include "lib/client.h"
#include "lib/control.h"
#include "lib/ipaddress.h"
#include "origin/author.h"
#include "origin/exempt.h"

static int
is_domain_listed(const char *line, const char *domain)
{
	char listed[TREE_DOMAIN_MAX + 1];
	size_t dot = *line == '.', len = strlen(domain), size;

	if (author_domain(listed, line + dot, strlen(line + dot)) == -1)
		return 0;
	if (!dot)
		return strcmp(listed, domain) == 0;
	size = strlen(listed);
	return len > size + 1 && domain[len - size - 1] == '.' &&
	       strcmp(domain + len - size, listed) == 0;
}

/* The sender's domain in domain, as author_domain writes it; "" when there is none. */
static void
find_domain(char *domain, const char *sender, const char *spf)
{
	size_t at = sender != NULL ? address_domain(sender, strlen(sender)) : 0;

	*domain = '\0';
	if (at == 0 || spf == NULL ||
	    (strcmp(spf, "pass") != 0 && strcmp(spf, "temperror") != 0))
		return;
	if (author_domain(domain, sender + at, strlen(sender + at)) == -1)
		*domain = '\0';
}

const char *
exempt_find(const char *ip, const char *sender, const char *spf)
{
	static stralloc list;
	char domain[TREE_DOMAIN_MAX + 1];
	unsigned char address[16];
	int has_address = ip != NULL && ipaddress_scan(ip, address);
	const char *line;
	size_t at;

	find_domain(domain, sender, spf);
	if (control_list("dmarcexempt", &list) == -1) {
		carpsys("unable to read control/dmarcexempt");
		return NULL;
	}
	for (at = 0; at < list.len; at += strlen(line) + 1) {
		line = list.s + at;
		if (has_address && client_rule_matches(address, line) == 1)
			return line;
		if (*domain && is_domain_listed(line, domain))
			return line;
	}
	return NULL;
}
