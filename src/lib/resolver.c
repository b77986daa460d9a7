#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/deadline.h"
#include "lib/resolver.h"
#include "lib/text.h"

#define CLASS_IN 1
#define TYPE_A 1
#define TYPE_MX 15
#define TYPE_TXT 16
#define TYPE_AAAA 28
#define ANSWER_BYTES 1232 /* what passes without fragments: DNS flag day 2020 */
#define TRY_MILLISECONDS 3000
#define TRIES 3
#define SOCKETS_MAX 15 /* the macro for the 16th is undefined behaviour */

int
resolver_open(struct resolver *r, const char *list, size_t len, const char **why)
{
	struct ares_options options = {.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS,
	    .ednspsz = ANSWER_BYTES,
	    .timeout = TRY_MILLISECONDS,
	    .tries = TRIES};
	stralloc servers = {0};
	const char *line;
	int status;

	status = ares_init_options(&r->channel, &options,
	    ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
	if (status != ARES_SUCCESS) {
		*why = ares_strerror(status);
		return -1;
	}
	r->open = 1;
	if (len == 0)
		return 0;
	for (line = list; line < list + len; line += strlen(line) + 1)
		text_cat(&servers, line == list ? "" : ",", line, (char *)NULL);
	text_terminate(&servers);
	status = ares_set_servers_ports_csv(r->channel, servers.s);
	stralloc_free(&servers);
	if (status == ARES_SUCCESS)
		return 0;
	*why = ares_strerror(status);
	resolver_close(r);
	return -1;
}

void
resolver_close(struct resolver *r)
{
	if (r->open)
		ares_destroy(r->channel);
	r->open = 0;
}

/* Let the client work until all questions are answered or the time is over. */
static void
await_answers(struct resolver *r)
{
	int64_t end =
	    deadline_now() + (r->seconds ? r->seconds : RESOLVER_SECONDS) * INT64_C(1000);
	ares_socket_t fds[SOCKETS_MAX];
	struct pollfd pollers[SOCKETS_MAX];
	struct timeval longest = {1, 0}, next, *wait;
	int bits, i, n;

	for (;;) {
		bits = ares_getsock(r->channel, fds, SOCKETS_MAX);
		for (n = i = 0; i < SOCKETS_MAX; i++) {
			if (!ARES_GETSOCK_READABLE(bits, i) &&
			    !ARES_GETSOCK_WRITABLE(bits, i))
				continue;
			pollers[n].fd = fds[i];
			pollers[n].events =
			    (ARES_GETSOCK_READABLE(bits, i) ? POLLIN : 0) |
			    (ARES_GETSOCK_WRITABLE(bits, i) ? POLLOUT : 0);
			n++;
		}
		if (n == 0)
			return;
		if (deadline_now() >= end) {
			ares_cancel(r->channel);
			return;
		}
		wait = ares_timeout(r->channel, &longest, &next);
		if (poll(pollers, (nfds_t)n,
			(int)(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1)) <= 0)
			ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		else
			for (i = 0; i < n; i++)
				if (pollers[i].revents)
					ares_process_fd(r->channel,
					    pollers[i].revents & ~POLLOUT
						? pollers[i].fd
						: ARES_SOCKET_BAD,
					    pollers[i].revents & POLLOUT
						? pollers[i].fd
						: ARES_SOCKET_BAD);
	}
}

static enum lookup
lookup_of(int status)
{
	switch (status) {
	case ARES_SUCCESS:
		return LOOKUP_FOUND;
	case ARES_ENODATA:
		return LOOKUP_NOTHING;
	case ARES_ENOTFOUND:
	case ARES_EBADNAME: /* not a name that can be asked for */
		return LOOKUP_NO_NAME;
	default:
		return LOOKUP_FAILED;
	}
}

struct mx_question {
	struct mx_list *list;
	enum lookup lookup;
};

static void
take_mx(void *question, int status, int timeouts, unsigned char *bytes, int len)
{
	struct mx_question *q = question;
	struct ares_mx_reply *head = NULL, *mx;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_mx_reply(bytes, len, &head);
	for (mx = head; mx != NULL; mx = mx->next)
		mx_list_add(q->list, mx->host, mx->priority);
	q->lookup = lookup_of(status);
	if (q->lookup == LOOKUP_FOUND && head == NULL)
		q->lookup = LOOKUP_NOTHING;
	if (head != NULL)
		ares_free_data(head);
}

enum lookup
resolver_mx(struct resolver *r, const char *domain, struct mx_list *list)
{
	struct mx_question q = {.list = list, .lookup = LOOKUP_FAILED};

	list->n = 0;
	ares_query(r->channel, domain, CLASS_IN, TYPE_MX, take_mx, &q);
	await_answers(r);
	return q.lookup;
}

/* The two questions about one host. */
struct address_question {
	enum lookup lookup;
	size_t n;
	unsigned char ip[RESOLVER_ADDRESSES][16];
};

static void
add_ip4(struct address_question *q, const void *ip4)
{
	memcpy(q->ip[q->n], "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
	memcpy(q->ip[q->n++] + 12, ip4, 4);
}

static void
take_a(void *question, int status, int timeouts, unsigned char *bytes, int len)
{
	struct address_question *q = question;
	struct ares_addrttl found[RESOLVER_ADDRESSES];
	int n = RESOLVER_ADDRESSES, i;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_a_reply(bytes, len, NULL, found, &n);
	q->lookup = lookup_of(status);
	for (i = 0; q->lookup == LOOKUP_FOUND && i < n; i++)
		add_ip4(q, &found[i].ipaddr);
}

static void
take_aaaa(void *question, int status, int timeouts, unsigned char *bytes, int len)
{
	struct address_question *q = question;
	struct ares_addr6ttl found[RESOLVER_ADDRESSES];
	int n = RESOLVER_ADDRESSES, i;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_aaaa_reply(bytes, len, NULL, found, &n);
	q->lookup = lookup_of(status);
	for (i = 0; q->lookup == LOOKUP_FOUND && i < n; i++)
		memcpy(q->ip[q->n++], &found[i].ip6addr, 16);
}

static void
take_addresses(struct host_addresses *host, const struct address_question *q)
{
	size_t i;

	for (i = 0; i < q->n && host->n < RESOLVER_ADDRESSES; i++)
		memcpy(host->ip[host->n++], q->ip[i], 16);
	if (q->n == 0 && (host->lookup == LOOKUP_FOUND || q->lookup == LOOKUP_FAILED))
		host->lookup = q->lookup;
}

void
resolver_addresses(struct resolver *r, struct host_addresses *hosts, size_t n)
{
	struct address_question a[MX_LIST_MAX] = {0}, aaaa[MX_LIST_MAX] = {0};
	size_t i;

	if (n > MX_LIST_MAX)
		n = MX_LIST_MAX;
	for (i = 0; i < n; i++) {
		a[i].lookup = aaaa[i].lookup = LOOKUP_FAILED;
		ares_query(r->channel, hosts[i].name, CLASS_IN, TYPE_A, take_a, &a[i]);
		ares_query(
		    r->channel, hosts[i].name, CLASS_IN, TYPE_AAAA, take_aaaa, &aaaa[i]);
	}
	await_answers(r);
	for (i = 0; i < n; i++) {
		hosts[i].n = 0;
		hosts[i].lookup = LOOKUP_FOUND;
		take_addresses(&hosts[i], &a[i]);
		take_addresses(&hosts[i], &aaaa[i]);
		if (hosts[i].n > 0)
			hosts[i].lookup = LOOKUP_FOUND;
		else if (hosts[i].lookup == LOOKUP_FOUND)
			hosts[i].lookup = LOOKUP_NOTHING;
	}
}

void
resolver_ip4(struct resolver *r, struct host_addresses *hosts, size_t n)
{
	struct address_question a[MX_LIST_MAX] = {0};
	size_t i;

	if (n > MX_LIST_MAX)
		n = MX_LIST_MAX;
	for (i = 0; i < n; i++) {
		a[i].lookup = LOOKUP_FAILED;
		ares_query(r->channel, hosts[i].name, CLASS_IN, TYPE_A, take_a, &a[i]);
	}
	await_answers(r);
	for (i = 0; i < n; i++) {
		hosts[i].n = 0;
		hosts[i].lookup = a[i].lookup;
		take_addresses(&hosts[i], &a[i]);
	}
}

static void
take_text(void *text, int status, int timeouts, unsigned char *bytes, int len)
{
	struct ares_txt_ext *head = NULL, *part;

	(void)timeouts;
	if (status != ARES_SUCCESS ||
	    ares_parse_txt_reply_ext(bytes, len, &head) != ARES_SUCCESS)
		return;
	for (part = head; part && (part == head || !part->record_start);
	     part = part->next)
		text_catb(text, (const char *)part->txt, part->length);
	if (head)
		ares_free_data(head);
}

int
resolver_text(struct resolver *r, const char *name, stralloc *text)
{
	size_t before = text->len;

	ares_query(r->channel, name, CLASS_IN, TYPE_TXT, take_text, text);
	await_answers(r);
	return text->len > before;
}

void
resolver_local_host(struct resolver *r, struct host_addresses *host)
{
	static const int families[] = {AF_INET, AF_INET6};
	struct address_question q = {.lookup = LOOKUP_NOTHING};
	struct hostent *found;
	size_t i;

	host->n = 0;
	for (i = 0; i < 2; i++) {
		if (ares_gethostbyname_file(
			r->channel, host->name, families[i], &found) != ARES_SUCCESS)
			continue;
		q.n = 0;
		if (found->h_addr_list[0] != NULL && families[i] == AF_INET)
			add_ip4(&q, found->h_addr_list[0]);
		else if (found->h_addr_list[0] != NULL)
			memcpy(q.ip[q.n++], found->h_addr_list[0], 16);
		ares_free_hostent(found);
		take_addresses(host, &q);
	}
	host->lookup = LOOKUP_FOUND;
	if (host->n == 0)
		resolver_addresses(r, host, 1);
}
