#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include "sts/sts_dns.h"
#include "sts/sts_settings.h"

#define CLASS_IN 1
#define TYPE_TXT 16
#define ANSWER_BYTES 1232 /* what passes without fragments: DNS flag day 2020 */
#define TRY_MILLISECONDS 2000
#define TRIES 3

int
sts_dns_open(struct sts_dns *dns, const char **why)
{
	struct ares_options options = {.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS,
	    .ednspsz = ANSWER_BYTES,
	    .timeout = TRY_MILLISECONDS,
	    .tries = TRIES,
	    .lookups = "b"}; /* the web server of a domain is not in /etc/hosts */
	char servers[4096];
	int status, r = sts_settings_list("resolvers", servers, sizeof(servers));

	if (r == -1) {
		*why = "unable to read control/resolvers";
		return -1;
	}
	status = ares_init_options(&dns->channel, &options,
	    ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		ARES_OPT_LOOKUPS);
	if (status == ARES_SUCCESS) {
		dns->is_open = 1;
		if (r == 1)
			status = ares_set_servers_ports_csv(dns->channel, servers);
	}
	if (status == ARES_SUCCESS)
		return 0;
	*why = ares_strerror(status);
	sts_dns_close(dns);
	return -1;
}

void
sts_dns_close(struct sts_dns *dns)
{
	if (dns->is_open)
		ares_destroy(dns->channel);
	dns->is_open = 0;
}

static enum sts_dns_lookup
lookup_of(int status)
{
	switch (status) {
	case ARES_SUCCESS:
		return STS_DNS_FOUND;
	case ARES_ENODATA:
	case ARES_ENOTFOUND:
	case ARES_EBADNAME:
		return STS_DNS_NOTHING;
	default:
		return STS_DNS_FAILED;
	}
}

/* The parts of a record belong together: RFC 8461, 3.1. */
static void
add_text(struct sts_dns *dns, const struct ares_txt_ext *part, int is_first)
{
	size_t at = dns->len - (!is_first && !part->record_start && dns->len > 0);

	if (part->length + 1 > sizeof(dns->text) - at)
		return;
	memcpy(dns->text + at, part->txt, part->length);
	dns->len = at + part->length;
	dns->text[dns->len++] = '\0';
}

static void
take_text(void *asker, int status, int timeouts, unsigned char *bytes, int len)
{
	struct ares_txt_ext *head = NULL, *part;
	struct sts_dns *dns = asker;

	(void)timeouts;
	dns->pending--;
	if (status == ARES_SUCCESS)
		status = ares_parse_txt_reply_ext(bytes, len, &head);
	dns->lookup = lookup_of(status);
	if (status != ARES_SUCCESS)
		return;
	for (part = head; part != NULL; part = part->next)
		add_text(dns, part, part == head);
	if (head != NULL)
		ares_free_data(head);
	if (dns->len == 0)
		dns->lookup = STS_DNS_NOTHING;
}

static void
take_addresses(void *asker, int status, int timeouts, struct hostent *host)
{
	struct sts_dns *dns = asker;
	char *end = dns->addresses + strlen(dns->addresses);
	char ip[INET6_ADDRSTRLEN];
	int i;

	(void)timeouts;
	dns->pending--;
	if (status == ARES_SUCCESS)
		dns->lookup = STS_DNS_FOUND;
	else if (dns->lookup != STS_DNS_FOUND && lookup_of(status) == STS_DNS_FAILED)
		dns->lookup = STS_DNS_FAILED;
	for (i = 0; status == ARES_SUCCESS && host->h_addr_list[i] != NULL &&
		    dns->n < STS_DNS_ADDRESSES;
	     i++) {
		if (inet_ntop(host->h_addrtype, host->h_addr_list[i], ip, sizeof(ip)) ==
		    NULL)
			continue;
		end = stpcpy(end, dns->n++ > 0 ? "," : "");
		end = stpcpy(end, host->h_addrtype == AF_INET6 ? "[" : "");
		end = stpcpy(end, ip);
		end = stpcpy(end, host->h_addrtype == AF_INET6 ? "]" : "");
	}
}

void
sts_dns_ask_text(struct sts_dns *dns, const char *name)
{
	dns->len = 0;
	dns->pending++;
	ares_query(dns->channel, name, CLASS_IN, TYPE_TXT, take_text, dns);
}

void
sts_dns_ask_addresses(struct sts_dns *dns, const char *name)
{
	dns->n = 0;
	dns->addresses[0] = '\0';
	dns->lookup = STS_DNS_NOTHING;
	dns->pending += 2;
	ares_gethostbyname(dns->channel, name, AF_INET, take_addresses, dns);
	ares_gethostbyname(dns->channel, name, AF_INET6, take_addresses, dns);
}

size_t
sts_dns_fds(struct sts_dns *dns, struct curl_waitfd *fds, int *milliseconds)
{
	struct timeval longest = {1, 0}, next, *wait;
	ares_socket_t sockets[STS_DNS_SOCKETS];
	int bits, i, ms;
	size_t n = 0;

	if (!dns->is_open || dns->pending == 0)
		return 0;
	bits = ares_getsock(dns->channel, sockets, STS_DNS_SOCKETS);
	for (i = 0; i < STS_DNS_SOCKETS; i++) {
		short events =
		    (short)((ARES_GETSOCK_READABLE(bits, i) ? CURL_WAIT_POLLIN : 0) |
			    (ARES_GETSOCK_WRITABLE(bits, i) ? CURL_WAIT_POLLOUT : 0));

		if (events != 0)
			fds[n++] =
			    (struct curl_waitfd){.fd = sockets[i], .events = events};
	}
	wait = ares_timeout(dns->channel, &longest, &next);
	ms = (int)(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1);
	if (ms < *milliseconds)
		*milliseconds = ms;
	return n;
}

void
sts_dns_work(struct sts_dns *dns, const struct curl_waitfd *fds, size_t n)
{
	size_t i;

	if (!dns->is_open)
		return;
	for (i = 0; i < n; i++)
		if (fds[i].revents != 0)
			ares_process_fd(dns->channel,
			    fds[i].revents & ~CURL_WAIT_POLLOUT ? fds[i].fd
								: ARES_SOCKET_BAD,
			    fds[i].revents & CURL_WAIT_POLLOUT ? fds[i].fd
							       : ARES_SOCKET_BAD);
	ares_process_fd(dns->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}
