#include <netinet/in.h>
#include <sys/socket.h>

#include "lib/dns_records.h"
#include "lib/resolver_ask.h"
#include "lib/resolver_trust.h"

static int
is_loopback(const struct ares_addr_port_node *server)
{
	const struct in6_addr *ip6 = (const struct in6_addr *)&server->addr;

	if (server->family == AF_INET)
		return ((const unsigned char *)&server->addr)[0] == 127;
	return IN6_IS_ADDR_LOOPBACK(ip6) ||
	       (IN6_IS_ADDR_V4MAPPED(ip6) && ip6->s6_addr[12] == 127);
}

void
resolver_trust_look(struct resolver *r)
{
	struct ares_addr_port_node *list = NULL, *server;

	r->is_local =
	    ares_get_servers_ports(r->channel, &list) == ARES_SUCCESS && list != NULL;
	/* which of them will answer is not told */
	for (server = list; server != NULL; server = server->next)
		r->is_local &= is_loopback(server);
	if (list != NULL)
		ares_free_data(list);
	r->believes = r->is_local || r->trusts_any;
}

struct root_question {
	const struct resolver *r;
	int is_answered;
	int is_secure;
};

static void
take_root(void *question, int status, int timeouts, unsigned char *bytes, int len)
{
	struct root_question *q = question;

	(void)timeouts;
	q->is_answered = status == ARES_SUCCESS;
	q->is_secure = resolver_ask_is_secure(q->r, bytes, len);
}

int
resolver_trust_validates(struct resolver *r, unsigned seconds)
{
	struct root_question q = {.r = r};
	unsigned saved = r->seconds;

	r->seconds = seconds;
	resolver_ask(r, ".", DNS_RECORDS_NS, take_root, &q);
	resolver_ask_await(r);
	r->seconds = saved;
	return q.is_answered ? q.is_secure : -1;
}
