#include <arpa/inet.h>
#include <string.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/client.h"
#include "lib/control.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/variable.h"

extern char **environ;

static void
complain(const char *name, const char *rule)
{
	stralloc file = {0};

	text_cat(&file, "control/", name, (char *)NULL);
	text_terminate(&file);
	log_event(NULL, "malformed", "file", file.s, "line", rule, (char *)NULL);
	stralloc_free(&file);
}

/* Does the rule take in all addresses of IPv4, or all of IPv6? */
static int
is_for_all(const char *rule)
{
	static const char *const ends[][2] = {{"0.0.0.0", "255.255.255.255"},
	    {"::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}};
	unsigned char first[16], last[16];
	size_t i;

	for (i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ipaddress_scan(ends[i][0], first) &&
		    ipaddress_scan(ends[i][1], last) &&
		    ipaddress_matches(first, rule) == 1 &&
		    ipaddress_matches(last, rule) == 1)
			return 1;
	return 0;
}

int
client_rule_matches(const unsigned char ip[16], const char *rule)
{
	char network[CLIENT_NETWORK_MAX];
	size_t len = strcspn(rule, " \t");
	const char *word = rule + len + strspn(rule + len, " \t");

	if (*word == '\0')
		return is_for_all(rule) ? CLIENT_RULE_OPEN : ipaddress_matches(ip, rule);
	if (len >= sizeof network || strcmp(word, "anybody") != 0)
		return -1;
	memcpy(network, rule, len);
	network[len] = '\0';
	return ipaddress_matches(ip, network);
}

int
client_is_listed(const char *name, const char *ip)
{
	unsigned char address[16];
	stralloc list = {0};
	const char *rule;
	int r, found = 0;

	r = control_list(name, &list);
	if (r == 1 && ip != NULL && ipaddress_scan(ip, address))
		for (rule = list.s; !found && rule < list.s + list.len;
		     rule += strlen(rule) + 1) {
			found = client_rule_matches(address, rule);
			if (found < 0) {
				complain(name, rule);
				found = 0;
			}
		}
	stralloc_free(&list);
	return r == -1 ? -1 : found;
}

void
client_take(struct client *c, char *const *variables)
{
	c->ip = variable_value(variables, "TCPREMOTEIP");
	c->user = variable_value(variables, "AUTHUSER");
	if (c->user != NULL && *c->user == '\0')
		c->user = NULL;
	c->is_relayclient = variable_value(variables, "RELAYCLIENT") != NULL;
	c->may_relay = -1;
}

int
client_may_relay(struct client *c)
{
	if (c->may_relay != -1)
		return c->may_relay;
	if (c->is_relayclient || c->user != NULL)
		c->may_relay = 1;
	else
		c->may_relay = client_is_listed("relayclients", c->ip);
	if (c->may_relay == -1)
		carpsys("unable to read control/relayclients");
	return c->may_relay;
}

int
client_is_authorised(void)
{
	static struct client own = {.may_relay = -1}; /* a cache */

	if (own.may_relay == -1)
		client_take(&own, environ);
	return client_may_relay(&own);
}

/* Clear all bits of ip[0..bytes) but the first ones. */
static void
cut(unsigned char *ip, unsigned bytes, unsigned bits)
{
	unsigned i;

	for (i = bits; i < 8 * bytes; i++)
		ip[i / 8] &= (unsigned char)~(0x80 >> i % 8);
}

const char *
client_network(char *s, const char *ip, unsigned v4, unsigned v6)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	char digits[DECIMAL_MAX];
	unsigned char address[16];
	int is_v4;

	if (ip == NULL || !ipaddress_scan(ip, address))
		return strcpy(s, "unknown");
	is_v4 = memcmp(address, mapped, sizeof mapped) == 0;
	if (is_v4)
		cut(address + 12, 4, v4);
	else
		cut(address, 16, v6);
	inet_ntop(is_v4 ? AF_INET : AF_INET6, is_v4 ? address + 12 : address, s,
	    CLIENT_NETWORK_MAX - 4);
	if ((is_v4 ? v4 : v6) < (is_v4 ? 32u : 128u)) {
		strcat(s, "/");
		strcat(s, text_decimal(digits, is_v4 ? v4 : v6));
	}
	return s;
}
