#include <string.h>

#include "accept/lately.h"

static unsigned
place(const struct lately *l, const char *id)
{
	return (unsigned)(queueid_hash(id, l->seed) & (LATELY_ROOM - 1));
}

void
lately_put(struct lately *l, const char *id)
{
	memcpy(l->ids[place(l, id)], id, QUEUEID_LEN);
}

int
lately_has(const struct lately *l, const char *id)
{
	return memcmp(l->ids[place(l, id)], id, QUEUEID_LEN) == 0;
}
