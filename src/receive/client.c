#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/control.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "lib/text.h"
#include "receive/client.h"

static void
complain(const char *name, const char *rule)
{
	stralloc file = {0};

	text_cat(&file, "control/", name, NULL);
	text_terminate(&file);
	log_event(NULL, "malformed", "file", file.s, "line", rule, NULL);
	stralloc_free(&file);
}

int
client_is_listed(const char *name, const char *ip)
{
	unsigned char address[16];
	stralloc list = {0};
	const char *rule;
	int r, found = 0;

	r = control_list(name, &list);
	if (r == 1 && ip && ipaddress_scan(ip, address))
		for (rule = list.s; !found && rule < list.s + list.len;
		     rule += strlen(rule) + 1) {
			found = ipaddress_matches(address, rule);
			if (found == -1) {
				complain(name, rule);
				found = 0;
			}
		}
	stralloc_free(&list);
	return r == -1 ? -1 : found;
}

static int known = -1; /* whether the client is authorised: a cache */

void
client_forget(void)
{
	known = -1;
}

int
client_is_authorised(void)
{
	const char *user = getenv("AUTHUSER");

	if (known != -1)
		return known;
	if (getenv("RELAYCLIENT") || (user && *user))
		known = 1;
	else
		known = client_is_listed("relayclients", getenv("TCPREMOTEIP"));
	if (known == -1)
		carpsys("unable to read control/relayclients");
	return known;
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

	if (!ip || !ipaddress_scan(ip, address))
		return strcpy(s, "unknown");
	is_v4 = !memcmp(address, mapped, sizeof mapped);
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
