#include "queue/queue_passed.h"

#include <string.h>

static void
drop_first(struct queue_passed *p)
{
	p->first = (p->first + 1) % QUEUE_PASSED_MAX;
	--p->count;
	if (p->due > 0)
		--p->due;
}

/* What is forgotten goes when it is due by its time. */
void
queue_passed_put(struct queue_passed *p, int64_t bucket, const char *id)
{
	struct queue_passed_message *m;

	if (p->count == QUEUE_PASSED_MAX)
		drop_first(p);
	m = &p->ring[(p->first + p->count++) % QUEUE_PASSED_MAX];
	m->bucket = bucket;
	memcpy(m->id, id, sizeof m->id);
}

void
queue_passed_hurry(struct queue_passed *p)
{
	p->due = p->count;
}

int
queue_passed_take(struct queue_passed *p, int64_t *bucket, char id[QUEUEID_LEN + 1])
{
	const struct queue_passed_message *m = &p->ring[p->first];

	if (p->due == 0)
		return 0;
	*bucket = m->bucket;
	memcpy(id, m->id, sizeof m->id);
	drop_first(p);
	return 1;
}
