#include "queue/queue_busy.h"

#include <string.h>

#define PAUSE 1000 /* milliseconds: a lock is held for as long as a sync takes */

void
queue_busy_put(struct queue_busy *b, int64_t bucket, const char *id, int64_t now_ms)
{
	struct queue_busy_message *m;

	if (b->count == QUEUE_BUSY_MAX) {
		if (b->overflow == 0)
			b->overflow = now_ms + PAUSE;
		return;
	}
	m = &b->ring[(b->first + b->count++) % QUEUE_BUSY_MAX];
	m->bucket = bucket;
	m->again = now_ms + PAUSE;
	memcpy(m->id, id, sizeof m->id);
}

int
queue_busy_take(
    struct queue_busy *b, int64_t now_ms, int64_t *bucket, char id[QUEUEID_LEN + 1])
{
	const struct queue_busy_message *m = &b->ring[b->first];

	if (b->count > 0 && m->again <= now_ms) {
		*bucket = m->bucket;
		memcpy(id, m->id, sizeof m->id);
		b->first = (b->first + 1) % QUEUE_BUSY_MAX;
		--b->count;
		return 1;
	}
	if (b->overflow == 0 || b->overflow > now_ms)
		return 0;
	b->overflow = 0;
	return -1;
}

int64_t
queue_busy_until(const struct queue_busy *b)
{
	int64_t until = b->overflow ? b->overflow : INT64_MAX;

	if (b->count > 0 && b->ring[b->first].again < until)
		until = b->ring[b->first].again;
	return until;
}
