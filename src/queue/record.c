#include <endian.h>
#include <string.h>

#include "lib/text.h"
#include "queue/number64.h"
#include "queue/record.h"

/* The type, three zeros, the length of the body, the ID, time and boot. */
#define LENGTH_AT 4
#define ID_AT 8
#define TIME_AT (ID_AT + QUEUEID_LEN)
#define BOOT_AT (TIME_AT + 8)

void
record_begin(stralloc *sa, const struct record *r)
{
	uint32_t len = htole32(r->len);
	char head[RECORD_HEAD] = {r->type};

	memcpy(head + LENGTH_AT, &len, sizeof len);
	memcpy(head + ID_AT, r->id, QUEUEID_LEN);
	number64_put(head + TIME_AT, r->time);
	number64_put(head + BOOT_AT, r->boot);
	text_catb(sa, head, sizeof head);
}

void
record_put(stralloc *sa, const struct record *r)
{
	record_begin(sa, r);
	text_catb(sa, r->body, r->len);
}

static int
is_known(char type)
{
	return type == RECORD_MESSAGE || type == RECORD_SETTLED || type == RECORD_FILED ||
	       type == RECORD_LINES || type == RECORD_PREPARED;
}

ssize_t
record_parse(struct record *r, const char *s, size_t len)
{
	uint32_t body;

	if (len < RECORD_HEAD || !is_known(*s))
		return -1;
	memcpy(&body, s + LENGTH_AT, sizeof body);
	r->len = le32toh(body);
	if (r->len > len - RECORD_HEAD)
		return -1;
	r->type = (enum record_type) * s;
	memcpy(r->id, s + ID_AT, QUEUEID_LEN);
	r->id[QUEUEID_LEN] = '\0';
	if (!queueid_is(r->id))
		return -1;
	r->time = number64_get(s + TIME_AT);
	r->boot = number64_get(s + BOOT_AT);
	r->body = s + RECORD_HEAD;
	return RECORD_HEAD + (ssize_t)r->len;
}
