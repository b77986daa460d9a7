#include <string.h>

#include "finding/settled.h"

void
settled_put(struct settled *s, const char *id, int64_t now_ms)
{
	struct settled_message *m = &s->ring[s->next];

	m->time = now_ms;
	memcpy(m->id, id, sizeof m->id);
	s->next = (s->next + 1) % SETTLED_MAX;
}

int
settled_has(const struct settled *s, const char *id)
{
	for (size_t i = 0; i < SETTLED_MAX; ++i)
		if (strcmp(s->ring[i].id, id) == 0)
			return 1;
	return 0;
}

const char *
settled_last(const struct settled *s, size_t n, int64_t since)
{
	const struct settled_message *m =
	    &s->ring[(s->next + SETTLED_MAX - 1 - n) % SETTLED_MAX];

	return n < SETTLED_MAX && m->id[0] != '\0' && m->time >= since ? m->id : NULL;
}
