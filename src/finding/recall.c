#include <string.h>

#include "finding/recall.h"

int
recall_put(struct recall *r, int64_t bucket, const char *id, int64_t time)
{
	struct recall_message *m;

	if (r->count == RECALL_MAX)
		return 0;
	m = &r->ring[(r->first + r->count++) % RECALL_MAX];
	m->bucket = bucket;
	m->time = time;
	memcpy(m->id, id, sizeof m->id);
	return 1;
}

void
recall_drop(struct recall *r)
{
	r->first = (r->first + 1) % RECALL_MAX;
	--r->count;
}

int
recall_take(struct recall *r, int64_t now_ms, int64_t *bucket, char id[QUEUEID_LEN + 1])
{
	const struct recall_message *m = &r->ring[r->first];

	if (recall_until(r) > now_ms)
		return 0;
	*bucket = m->bucket;
	memcpy(id, m->id, sizeof m->id);
	recall_drop(r);
	return 1;
}

void
recall_hurry(struct recall *r)
{
	for (size_t i = 0; i < r->count; ++i)
		r->ring[(r->first + i) % RECALL_MAX].time = 0;
}

int64_t
recall_until(const struct recall *r)
{
	return r->count > 0 ? r->ring[r->first].time : INT64_MAX;
}
