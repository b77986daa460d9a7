#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/resolver.h"
#include "lib/resolver_ask.h"
#include "lib/resolver_order.h"
#include "lib/resolver_trust.h"
#include "lib/text.h"

#define TYPE_A 1
#define TYPE_MX 15
#define TYPE_TXT 16
#define TYPE_AAAA 28
#define TRY_MILLISECONDS 3000
#define TRIES 3

int
resolver_open(struct resolver *r, const char *list, size_t len, const char **why)
{
	struct ares_options options = {.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS,
	    .ednspsz = RESOLVER_ASK_BYTES,
	    .timeout = TRY_MILLISECONDS,
	    .tries = TRIES};
	stralloc servers = {0};
	const char *line;
	int status;

	if (r->try_milliseconds != 0)
		options.timeout = (int)r->try_milliseconds;
	status = ares_init_options(&r->channel, &options,
	    ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
	if (status != ARES_SUCCESS) {
		*why = ares_strerror(status);
		return -1;
	}
	r->open = 1;
	if (len == 0) {
		resolver_trust_look(r);
		resolver_order(r->channel);
		return 0;
	}
	for (line = list; line < list + len; line += strlen(line) + 1)
		text_cat(&servers, line == list ? "" : ",", line, (char *)NULL);
	text_terminate(&servers);
	status = ares_set_servers_ports_csv(r->channel, servers.s);
	stralloc_free(&servers);
	if (status == ARES_SUCCESS) {
		resolver_trust_look(r);
		resolver_order(r->channel);
		return 0;
	}
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

/* It was answered after so many servers had been silent. */
static void
note_timeouts(int *most, int status, int timeouts)
{
	if (status != ARES_ETIMEOUT && timeouts > *most)
		*most = timeouts;
}

struct mx_question {
	const struct resolver *r;
	struct mx_list *list;
	enum resolver_lookup lookup;
	int timeouts;
};

static void
take_mx(void *question, int status, int timeouts, unsigned char *bytes, int len)
{
	struct mx_question *q = question;
	struct ares_mx_reply *head = NULL, *mx;

	note_timeouts(&q->timeouts, status, timeouts);
	q->list->is_secure = resolver_ask_is_secure(q->r, bytes, len);
	if (status == ARES_SUCCESS)
		status = ares_parse_mx_reply(bytes, len, &head);
	for (mx = head; mx != NULL; mx = mx->next)
		mx_list_add(q->list, mx->host, mx->priority);
	q->lookup = resolver_ask_lookup(status);
	if (q->lookup == RESOLVER_FOUND && head == NULL)
		q->lookup = RESOLVER_NOTHING;
	if (head != NULL)
		ares_free_data(head);
}

enum resolver_lookup
resolver_mx(struct resolver *r, const char *domain, struct mx_list *list)
{
	struct mx_question q = {.r = r, .list = list, .lookup = RESOLVER_FAILED};

	list->n = 0;
	list->is_secure = 0;
	resolver_ask(r, domain, TYPE_MX, take_mx, &q);
	resolver_ask_await(r);
	resolver_order_silent(r->channel, q.timeouts);
	return q.lookup;
}

/* The two questions about one host. */
struct address_question {
	enum resolver_lookup lookup;
	int timeouts;
	size_t n;
	unsigned char ip[RESOLVER_FAMILY_ADDRESSES][16];
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
	struct ares_addrttl found[RESOLVER_FAMILY_ADDRESSES];
	int n = RESOLVER_FAMILY_ADDRESSES, i;

	note_timeouts(&q->timeouts, status, timeouts);
	if (status == ARES_SUCCESS)
		status = ares_parse_a_reply(bytes, len, NULL, found, &n);
	q->lookup = resolver_ask_lookup(status);
	for (i = 0; q->lookup == RESOLVER_FOUND && i < n; i++)
		add_ip4(q, &found[i].ipaddr);
}

static void
take_aaaa(void *question, int status, int timeouts, unsigned char *bytes, int len)
{
	struct address_question *q = question;
	struct ares_addr6ttl found[RESOLVER_FAMILY_ADDRESSES];
	int n = RESOLVER_FAMILY_ADDRESSES, i;

	note_timeouts(&q->timeouts, status, timeouts);
	if (status == ARES_SUCCESS)
		status = ares_parse_aaaa_reply(bytes, len, NULL, found, &n);
	q->lookup = resolver_ask_lookup(status);
	for (i = 0; q->lookup == RESOLVER_FOUND && i < n; i++)
		memcpy(q->ip[q->n++], &found[i].ip6addr, 16);
}

static void
take_addresses(struct resolver_addresses *host, const struct address_question *q)
{
	size_t i;

	for (i = 0; i < q->n && host->n < RESOLVER_ADDRESSES; i++)
		memcpy(host->ip[host->n++], q->ip[i], 16);
	if (q->n == 0 && (host->lookup == RESOLVER_FOUND || q->lookup == RESOLVER_FAILED))
		host->lookup = q->lookup;
}

void
resolver_addresses(struct resolver *r, struct resolver_addresses *hosts, size_t n)
{
	struct address_question a[MX_LIST_MAX] = {0}, aaaa[MX_LIST_MAX] = {0};
	int silent = 0;
	size_t i;

	if (n > MX_LIST_MAX)
		n = MX_LIST_MAX;
	for (i = 0; i < n; i++) {
		a[i].lookup = aaaa[i].lookup = RESOLVER_FAILED;
		resolver_ask(r, hosts[i].name, TYPE_A, take_a, &a[i]);
		resolver_ask(r, hosts[i].name, TYPE_AAAA, take_aaaa, &aaaa[i]);
	}
	resolver_ask_await(r);
	for (i = 0; i < n; i++) {
		note_timeouts(&silent, ARES_SUCCESS, a[i].timeouts);
		note_timeouts(&silent, ARES_SUCCESS, aaaa[i].timeouts);
	}
	resolver_order_silent(r->channel, silent);
	for (i = 0; i < n; i++) {
		hosts[i].n = 0;
		hosts[i].lookup = RESOLVER_FOUND;
		take_addresses(&hosts[i], &a[i]);
		take_addresses(&hosts[i], &aaaa[i]);
		if (hosts[i].n > 0)
			hosts[i].lookup = RESOLVER_FOUND;
		else if (hosts[i].lookup == RESOLVER_FOUND)
			hosts[i].lookup = RESOLVER_NOTHING;
	}
}

void
resolver_ip4(struct resolver *r, struct resolver_addresses *hosts, size_t n)
{
	struct address_question a[MX_LIST_MAX] = {0};
	size_t i;

	if (n > MX_LIST_MAX)
		n = MX_LIST_MAX;
	for (i = 0; i < n; i++) {
		a[i].lookup = RESOLVER_FAILED;
		resolver_ask(r, hosts[i].name, TYPE_A, take_a, &a[i]);
	}
	resolver_ask_await(r);
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
	for (part = head; part != NULL && (part == head || !part->record_start);
	     part = part->next)
		text_catb(text, (const char *)part->txt, part->length);
	if (head != NULL)
		ares_free_data(head);
}

int
resolver_text(struct resolver *r, const char *name, stralloc *text)
{
	size_t before = text->len;

	resolver_ask(r, name, TYPE_TXT, take_text, text);
	resolver_ask_await(r);
	return text->len > before;
}

void
resolver_local_host(struct resolver *r, struct resolver_addresses *host)
{
	static const int families[] = {AF_INET, AF_INET6};
	struct address_question q = {.lookup = RESOLVER_NOTHING};
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
	host->lookup = RESOLVER_FOUND;
	if (host->n == 0)
		resolver_addresses(r, host, 1);
}
