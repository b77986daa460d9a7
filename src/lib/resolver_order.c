#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/deadline.h"
#include "lib/resolver_order.h"

#define SILENT_MAX 8

/* A cache. */
static struct {
	int family, port;
	unsigned char address[16];
	int64_t until; /* deadline_now() */
} silent[SILENT_MAX];
static unsigned next_silent;

static void
address_of(const struct ares_addr_port_node *server, unsigned char address[16])
{
	memset(address, 0, 16);
	memcpy(address, &server->addr, server->family == AF_INET ? 4 : 16);
}

/* Where it is remembered, or SILENT_MAX. */
static unsigned
find(const struct ares_addr_port_node *server)
{
	unsigned char address[16];
	unsigned i;

	address_of(server, address);
	for (i = 0; i < SILENT_MAX; i++)
		if (silent[i].until > deadline_now() &&
		    silent[i].family == server->family &&
		    silent[i].port == server->udp_port &&
		    memcmp(silent[i].address, address, 16) == 0)
			break;
	return i;
}

static void
remember(const struct ares_addr_port_node *server)
{
	unsigned i = find(server);

	if (i == SILENT_MAX) {
		i = next_silent;
		next_silent = (next_silent + 1) % SILENT_MAX;
	}
	silent[i].family = server->family;
	silent[i].port = server->udp_port;
	address_of(server, silent[i].address);
	silent[i].until = deadline_now() + RESOLVER_ORDER_SECONDS * INT64_C(1000);
}

/* The list with the silent ones at its end, else in its order. */
static struct ares_addr_port_node *
sorted(struct ares_addr_port_node *list)
{
	struct ares_addr_port_node *first = NULL, *last = NULL;
	struct ares_addr_port_node **end = &first, **end_last = &last, *server;

	for (server = list; server != NULL; server = server->next)
		if (find(server) == SILENT_MAX) {
			*end = server;
			end = &server->next;
		} else {
			*end_last = server;
			end_last = &server->next;
		}
	*end_last = NULL;
	*end = last;
	return first;
}

void
resolver_order(ares_channel channel)
{
	struct ares_addr_port_node *list;

	if (ares_get_servers_ports(channel, &list) != ARES_SUCCESS || list == NULL)
		return;
	list = sorted(list);
	/* where that fails they are asked in the order in which they stand there */
	ares_set_servers_ports(channel, list);
	ares_free_data(list);
}

void
resolver_order_refused(int fd)
{
	struct ares_addr_port_node server = {0};
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	const struct sockaddr_in *in = (const struct sockaddr_in *)&ss;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&ss;

	if (getpeername(fd, (struct sockaddr *)&ss, &len) == -1)
		return;
	server.family = ss.ss_family;
	server.udp_port = ntohs(server.family == AF_INET ? in->sin_port : in6->sin6_port);
	if (server.family == AF_INET)
		memcpy(&server.addr, &in->sin_addr, 4);
	else
		memcpy(&server.addr, &in6->sin6_addr, 16);
	remember(&server);
}

/* Where none answered after so many were silent, nothing is known about any of them. */
static void
remember_first(struct ares_addr_port_node *list, int n)
{
	struct ares_addr_port_node *server, *answered = list;

	for (int i = 0; i < n && answered != NULL; i++)
		answered = answered->next;
	if (answered != NULL)
		for (server = list; server != answered; server = server->next)
			remember(server);
}

void
resolver_order_silent(ares_channel channel, int n)
{
	struct ares_addr_port_node *list;

	if (n > 0 && ares_get_servers_ports(channel, &list) == ARES_SUCCESS &&
	    list != NULL) {
		remember_first(list, n);
		ares_free_data(list);
	}
	resolver_order(channel);
}
