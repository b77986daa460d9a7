#include "lib/dns_records.h"

#define HEADER 12
#define CLASS_IN 1
#define POINTER 0xc0

static unsigned
number(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* Pass over a name.  Returns 0, or -1 when it does not end. */
static int
skip_name(struct dns_records *a)
{
	unsigned char c;

	while (a->at < a->len) {
		c = a->bytes[a->at++];
		if (c == 0)
			return 0;
		if ((c & POINTER) == POINTER) {
			a->at++;
			return a->at <= a->len ? 0 : -1;
		}
		if ((c & POINTER) != 0)
			return -1;
		a->at += c;
	}
	return -1;
}

int
dns_records_begin(struct dns_records *a, const unsigned char *bytes, size_t len)
{
	unsigned questions;

	if (bytes == NULL || len < HEADER || (bytes[2] & 0x80) == 0)
		return -1;
	a->bytes = bytes;
	a->len = len;
	a->at = HEADER;
	a->is_authentic = (bytes[3] & 0x20) != 0;
	a->response = bytes[3] & 0x0f;
	a->left = number(bytes + 6);
	for (questions = number(bytes + 4); questions > 0; questions--) {
		if (skip_name(a) == -1 || a->len - a->at < 4)
			return -1;
		a->at += 4;
	}
	return 0;
}

int
dns_records_next(struct dns_records *a, struct dns_record *record)
{
	const unsigned char *p;

	while (a->left > 0) {
		a->left--;
		if (skip_name(a) == -1 || a->len - a->at < 10)
			return -1;
		p = a->bytes + a->at;
		record->type = number(p);
		record->ttl = (unsigned long)number(p + 4) << 16 | number(p + 6);
		record->len = number(p + 8);
		record->data = p + 10;
		a->at += 10;
		if (a->len - a->at < record->len)
			return -1;
		a->at += record->len;
		if (number(p + 2) == CLASS_IN)
			return 1;
	}
	return 0;
}
