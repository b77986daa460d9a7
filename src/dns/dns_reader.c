#include "dns/dns_reader.h"
#include "lib/text.h"

#define JUMPS_MAX 127 /* pointers in a name: it has no more labels */

uint32_t
dns_reader_number(struct dns_reader *r, size_t bytes)
{
	uint32_t n = 0;

	if (r->len - r->at < bytes) {
		r->is_bad = 1;
		r->at = r->len;
		return 0;
	}
	for (; bytes > 0; bytes--)
		n = n << 8 | r->m[r->at++];
	return n;
}

/* A label as text: RFC 1035, 5.1. */
static void
put_label(stralloc *name, const unsigned char *s, size_t len)
{
	char octal[4] = "\\";
	size_t i;

	if (name->len > 0)
		text_catb(name, ".", 1);
	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] >= 127) {
			octal[1] = (char)('0' + s[i] / 100);
			octal[2] = (char)('0' + s[i] / 10 % 10);
			octal[3] = (char)('0' + s[i] % 10);
			text_catb(name, octal, 4);
		} else {
			if (s[i] == '.' || s[i] == '\\')
				text_catb(name, "\\", 1);
			text_catb(name, (const char *)s + i, 1);
		}
}

void
dns_reader_name(struct dns_reader *r, stralloc *name)
{
	struct dns_reader here = *r;
	size_t jumps = 0, size;

	name->len = 0;
	for (;;) {
		size = dns_reader_number(&here, 1);
		if (size >= 0xc0) {
			size = (size & 0x3f) << 8 | dns_reader_number(&here, 1);
			if (jumps++ == 0)
				r->at = here.at;
			here.is_bad |= jumps > JUMPS_MAX || size >= here.len;
			here.at = size;
			size = 0;
		} else if (size == 0) {
			break;
		}
		here.is_bad |= size >= 0x40 || name->len > DNS_READER_NAME_MAX ||
			       here.len - here.at < size;
		if (here.is_bad)
			break;
		if (size > 0)
			put_label(name, here.m + here.at, size);
		here.at += size;
	}
	r->is_bad |= here.is_bad;
	if (jumps == 0)
		r->at = here.at;
}

int
dns_reader_record(struct dns_reader *r, struct dns_reader_record *record)
{
	dns_reader_name(r, &record->owner);
	record->type = dns_reader_number(r, 2);
	record->class = dns_reader_number(r, 2);
	record->ttl = dns_reader_number(r, 4);
	record->size = dns_reader_number(r, 2);
	record->data = r->at;
	if (r->is_bad || r->len - r->at < record->size) {
		r->is_bad = 1;
		return 0;
	}
	if (record->ttl > DNS_READER_TTL_MAX)
		record->ttl =
		    record->ttl > INT32_MAX ? 0 : DNS_READER_TTL_MAX; /* RFC 2181, 8 */
	r->at += record->size;
	return 1;
}
