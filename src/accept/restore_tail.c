#include <stdlib.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/restore_read.h"
#include "accept/restore_tail.h"
#include "queue/segment.h"

/* Returns 0, or -1 after a warning. */
static int
keep(struct slot *slot, size_t at, size_t len)
{
	char *s = malloc(len);
	int r;

	if (s == NULL || slots_read(slot, s, len, SEGMENT_BLOCK + at) == -1) {
		carpsys("unable to read what is damaged in " SLOTS_FOLDER);
		free(s);
		return -1;
	}
	r = restore_read_keep(slot, s, len, SEGMENT_BLOCK + at);
	free(s);
	return r;
}

void
restore_tail_keep(struct restore_tails *t, struct slots *s)
{
	for (struct slot *slot = s->list; slot < s->list + SLOTS_MOST; slot++) {
		unsigned n = slot->number;

		/* one that can't be kept elsewhere keeps its slot from being used again
		 */
		if (t->len[n] > 0 && keep(slot, t->at[n], t->len[n]) == -1)
			slot->live++;
		t->len[n] = 0;
	}
}

void
restore_tail_clear(struct restore_tails *t, const struct slots *s)
{
	static const char zeros[SEGMENT_BLOCK];

	for (unsigned n = 0; n < SLOTS_MOST; n++) {
		if (t->len[n] == 0)
			continue;
		if (pwrite(s->list[n].fd, zeros, sizeof zeros,
			(off_t)(SEGMENT_BLOCK + t->at[n])) != sizeof zeros ||
		    fdatasync(s->list[n].fd) == -1)
			carpsys("unable to clear what was cut in " SLOTS_FOLDER);
		t->len[n] = 0;
	}
}
