#include <string.h>

#include "dns/dns_message.h"
#include "dns/dns_reader.h"
#include "lib/lower.h"
#include "lib/netstring.h"
#include "lib/text.h"

#define HEADER 12
#define CLASS_IN 1
#define TYPE_NS 2
#define TYPE_CNAME 5
#define TYPE_SOA 6
#define TYPE_PTR 12
#define TYPE_MX 15
#define TYPE_TXT 16
#define TYPE_SRV 33
#define RCODE_NXDOMAIN 3
#define SOA_NUMBERS 20      /* bytes behind its two names */
#define TTL_MAX_NOTHING 900 /* not even that there is nothing */

unsigned
dns_message_type(const char *s, size_t len)
{
	static const struct {
		const char *name;
		unsigned type;
	} types[] = {{"A", 1}, {"NS", TYPE_NS}, {"CNAME", TYPE_CNAME}, {"PTR", TYPE_PTR},
	    {"MX", TYPE_MX}, {"TXT", TYPE_TXT}, {"AAAA", 28}, {"SRV", TYPE_SRV},
	    {"TLSA", 52}};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strlen(types[i].name) == len && memcmp(types[i].name, s, len) == 0)
			return types[i].type;
	return 0;
}

static int
is_same_name(const stralloc *a, const stralloc *b)
{
	size_t i;

	for (i = 0; i < a->len && i < b->len; i++)
		if (lower_char(a->s[i]) != lower_char(b->s[i]))
			break;
	return i == a->len && i == b->len;
}

/* The strings of a TXT record, joined. */
static void
put_text(struct dns_reader *data, stralloc *records)
{
	stralloc text = {0};
	size_t size;

	while (data->at < data->len) {
		size = dns_reader_number(data, 1);
		if (data->len - data->at < size) {
			data->is_bad = 1;
			break;
		}
		text_catb(&text, (const char *)data->m + data->at, size);
		data->at += size;
	}
	netstring_put(records, text.s, text.len);
	stralloc_free(&text);
}

/* A name, behind so many numbers of two bytes. */
static void
put_name(struct dns_reader *data, stralloc *records, size_t numbers)
{
	char number[DECIMAL_MAX];
	stralloc text = {0}, name = {0};

	for (; numbers > 0; numbers--)
		text_cat(&text, text_decimal(number, dns_reader_number(data, 2)), " ",
		    (char *)NULL);
	dns_reader_name(data, &name);
	text_catb(&text, name.s, name.len);
	netstring_put(records, text.s, text.len);
	stralloc_free(&name);
	stralloc_free(&text);
}

/* Returns 1, or 0 when the data are malformed. */
static int
put_record(
    const struct dns_reader *r, const struct dns_reader_record *record, stralloc *records)
{
	/* names in the data may point to anywhere before them */
	struct dns_reader data = {
	    .m = r->m, .len = record->data + record->size, .at = record->data};

	switch (record->type) {
	case TYPE_TXT:
		put_text(&data, records);
		break;
	case TYPE_MX:
	case TYPE_NS:
	case TYPE_PTR:
	case TYPE_CNAME:
		put_name(&data, records, record->type == TYPE_MX);
		break;
	case TYPE_SRV: /* priority, weight, port: RFC 2782 */
		put_name(&data, records, 3);
		break;
	default:
		netstring_put(records, (const char *)r->m + record->data, record->size);
	}
	return !data.is_bad;
}

static void
lower_ttl(struct dns_answer *answer, uint32_t ttl)
{
	if (ttl < answer->ttl)
		answer->ttl = ttl;
}

/*
 * Look for the records of type that the name owns among the next n, or for the CNAME that
 * it has instead: then the name becomes another one.  Returns how many of these were
 * found.
 */
static size_t
take_owned(struct dns_reader r, size_t n, unsigned type, struct dns_answer *answer,
    stralloc *name, stralloc *records)
{
	struct dns_reader_record record = {0};
	stralloc owner = {0};
	size_t found = 0;

	text_setb(&owner, name->s, name->len);
	for (; n > 0 && dns_reader_record(&r, &record); n--) {
		if (record.class != CLASS_IN || record.type != type ||
		    !is_same_name(&record.owner, &owner))
			continue;
		lower_ttl(answer, record.ttl);
		if (records != NULL)
			r.is_bad |= !put_record(&r, &record, records);
		else if (found == 0) {
			struct dns_reader data = r;

			data.at = record.data;
			dns_reader_name(&data, name);
			r.is_bad |= data.is_bad;
		}
		found++;
	}
	stralloc_free(&record.owner);
	stralloc_free(&owner);
	if (r.is_bad)
		answer->status = DNS_ANSWER_FAILED;
	return found;
}

/* For how long it holds that there is nothing: RFC 2308, 5. */
static void
take_negative_ttl(struct dns_reader r, size_t n, struct dns_answer *answer)
{
	struct dns_reader_record record = {0};
	uint32_t minimum = 0, ttl = 0;

	for (; n > 0 && ttl == 0 && dns_reader_record(&r, &record); n--)
		if (record.type == TYPE_SOA && record.size > SOA_NUMBERS) {
			r.at = record.data + record.size - 4;
			minimum = dns_reader_number(&r, 4);
			ttl = record.ttl;
		}
	stralloc_free(&record.owner);
	if (minimum < ttl)
		ttl = minimum;
	lower_ttl(answer, ttl < TTL_MAX_NOTHING ? ttl : TTL_MAX_NOTHING);
}

/* Step over n records. */
static void
skip(struct dns_reader *r, size_t n)
{
	struct dns_reader_record record = {0};

	while (n > 0 && dns_reader_record(r, &record))
		n--;
	stralloc_free(&record.owner);
}

void
dns_message_read(struct dns_answer *answer, stralloc *name, stralloc *records,
    const unsigned char *m, size_t len, unsigned type)
{
	struct dns_reader r = {.m = m, .len = len};
	size_t answers, authorities, chain = 0, found, before = records->len;
	unsigned flags, questions;

	answer->status = DNS_ANSWER_FAILED;
	answer->ttl = DNS_READER_TTL_MAX;
	dns_reader_number(&r, 2);
	flags = dns_reader_number(&r, 2);
	questions = dns_reader_number(&r, 2);
	answers = dns_reader_number(&r, 2);
	authorities = dns_reader_number(&r, 2);
	dns_reader_number(&r, 2);
	dns_reader_name(&r, name);
	dns_reader_number(&r, 4);
	answer->secure = (flags & 0x20) != 0;
	if (r.is_bad || questions != 1 || (flags & 0x8200) != 0x8000 ||
	    ((flags & 15) != 0 && (flags & 15) != RCODE_NXDOMAIN))
		return;
	answer->status = DNS_ANSWER_FOUND;
	if (type != TYPE_CNAME)
		while (chain < DNS_MESSAGE_CNAMES_MAX &&
		       take_owned(r, answers, TYPE_CNAME, answer, name, NULL) > 0)
			chain++;
	found = take_owned(r, answers, type, answer, name, records);
	if (chain == DNS_MESSAGE_CNAMES_MAX)
		answer->status = DNS_ANSWER_FAILED;
	if (found == 0 && answer->status == DNS_ANSWER_FOUND) {
		answer->status = (flags & 15) == RCODE_NXDOMAIN ? DNS_ANSWER_NO_NAME
								: DNS_ANSWER_NOTHING;
		skip(&r, answers);
		take_negative_ttl(r, authorities, answer);
	}
	if (answer->status == DNS_ANSWER_FAILED)
		records->len = before;
}
