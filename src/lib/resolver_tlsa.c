#include <netdb.h>
#include <string.h>
#include <strings.h>

#include "lib/dns_records.h"
#include "lib/resolver_ask.h"
#include "lib/resolver_order.h"
#include "lib/resolver_tlsa.h"
#include "lib/tlsa_record.h"

#define TYPE_A 1
#define TYPE_AAAA 28

/* An answer about one name. */
struct question {
	const struct resolver *r;
	const char *name;
	stralloc *records;
	enum resolver_lookup lookup;
	int timeouts;
	int is_secure;
	int type;
	char leads_to[MX_NAME_MAX + 1]; /* by CNAME; or "" */
};

static void
note(struct question *q, int status, int timeouts, const unsigned char *bytes, int len)
{
	if (status != ARES_ETIMEOUT)
		q->timeouts = timeouts;
	q->lookup = resolver_ask_lookup(status);
	q->is_secure = resolver_ask_is_secure(q->r, bytes, len);
}

/* The name at the end of the aliases. */
static void
take_canonical(struct question *q, const unsigned char *bytes, int len)
{
	struct hostent *found = NULL;
	int status;

	status = q->type == TYPE_A
		     ? ares_parse_a_reply(bytes, len, &found, NULL, NULL)
		     : ares_parse_aaaa_reply(bytes, len, &found, NULL, NULL);
	if (status != ARES_SUCCESS || found == NULL)
		return;
	if (strcasecmp(found->h_name, q->name) != 0 &&
	    strlen(found->h_name) <= MX_NAME_MAX)
		strcpy(q->leads_to, found->h_name);
	ares_free_hostent(found);
}

static void
take_address(void *question, int status, int timeouts, unsigned char *bytes, int len)
{
	struct question *q = question;

	note(q, status, timeouts, bytes, len);
	if (status == ARES_SUCCESS)
		take_canonical(q, bytes, len);
}

static void
take_alias(void *question, int status, int timeouts, unsigned char *bytes, int len)
{
	note(question, status, timeouts, bytes, len);
}

static void
add(struct resolver_tlsa_bases *bases, const char *name)
{
	if (strlen(name) <= MX_NAME_MAX)
		strcpy(bases->names[bases->n++], name);
}

/* Is the host's own name signed, though not all that it leads to is? */
static int
is_signed_alias(struct resolver *r, const char *host)
{
	struct question q = {.r = r, .name = host, .lookup = RESOLVER_FAILED};

	resolver_ask(r, host, DNS_RECORDS_CNAME, take_alias, &q);
	resolver_ask_await(r);
	return q.lookup == RESOLVER_FOUND && q.is_secure;
}

void
resolver_tlsa_bases(
    struct resolver *r, const char *host, struct resolver_tlsa_bases *bases)
{
	struct question a = {
	    .r = r, .name = host, .lookup = RESOLVER_FAILED, .type = TYPE_A};
	struct question aaaa = a;
	const struct question *q;

	aaaa.type = TYPE_AAAA;
	bases->n = 0;
	resolver_ask(r, host, TYPE_A, take_address, &a);
	resolver_ask(r, host, TYPE_AAAA, take_address, &aaaa);
	resolver_ask_await(r);
	resolver_order_silent(
	    r->channel, a.timeouts > aaaa.timeouts ? a.timeouts : aaaa.timeouts);
	q = a.lookup == RESOLVER_FOUND ? &a : &aaaa;
	bases->lookup = q->lookup;
	if (q->lookup != RESOLVER_FOUND)
		return;
	if (q->is_secure && q->leads_to[0] != '\0')
		add(bases, q->leads_to);
	if (q->is_secure || (q->leads_to[0] != '\0' && is_signed_alias(r, host)))
		add(bases, host);
}

static void
take_records(void *question, int status, int timeouts, unsigned char *bytes, int len)
{
	struct question *q = question;
	struct dns_record record;
	struct dns_records a;
	int r = 0;

	note(q, status, timeouts, bytes, len);
	if (q->lookup != RESOLVER_FOUND)
		return;
	if (!q->is_secure || dns_records_begin(&a, bytes, (size_t)len) == -1) {
		q->lookup = RESOLVER_NOTHING;
		return;
	}
	q->lookup = RESOLVER_NOTHING;
	for (int n = 0;
	     n < RESOLVER_TLSA_MAX && (r = dns_records_next(&a, &record)) == 1;)
		if (record.type == DNS_RECORDS_TLSA) {
			n++;
			q->lookup = RESOLVER_FOUND;
			tlsa_record_put(q->records, record.data, record.len);
		}
	if (r == -1)
		q->lookup = RESOLVER_FAILED;
}

enum resolver_lookup
resolver_tlsa(struct resolver *r, const char *name, stralloc *records)
{
	struct question q = {
	    .r = r, .name = name, .records = records, .lookup = RESOLVER_FAILED};

	resolver_ask(r, name, DNS_RECORDS_TLSA, take_records, &q);
	resolver_ask_await(r);
	resolver_order_silent(r->channel, q.timeouts);
	return q.lookup;
}
