#include <string.h>

#include "accept/lately.h"

static unsigned
place(const struct lately *l, const char *id)
{
	return (unsigned)(queueid_hash(id, l->seed) & (LATELY_ROOM - 1));
}

void
lately_put(struct lately *l, const char *id, enum lately_state state)
{
	unsigned at = place(l, id);

	memcpy(l->ids[at], id, QUEUEID_LEN);
	l->states[at] = (char)state;
}

enum lately_state
lately_has(const struct lately *l, const char *id)
{
	unsigned at = place(l, id);

	return memcmp(l->ids[at], id, QUEUEID_LEN) == 0 ? (enum lately_state)l->states[at]
							: LATELY_UNKNOWN;
}
