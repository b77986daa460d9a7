#include <stdlib.h>
#include <string.h>

#include "lib/heap.h"
#include "queue/history.h"
#include "queue/journal.h"

struct reading {
	size_t count;
	struct history_last *last;
};

static void
take(void *context, const struct journal_entry *entry)
{
	struct reading *r = context;
	struct history_last *last;

	if (entry->index >= r->count || strchr("KZDX", entry->state) == NULL)
		return;
	last = &r->last[entry->index];
	last->time = entry->time;
	outcome_take(&last->outcome, entry->state, entry->status, entry->status_len,
	    entry->text, entry->text_len);
}

int
history_read(const struct file *f, struct history_last *last)
{
	struct reading r = {f->envelope.count, last};

	return journal_read(f->fd, header_end(&f->header), f->size, take, &r) == -1 ? -1
										    : 0;
}

struct history_last *
history_make(const struct file *f)
{
	struct history_last *last = heap_make(f->envelope.count, sizeof *last);

	return last;
}

void
history_free(const struct file *f, struct history_last *last)
{
	for (size_t i = 0; i < f->envelope.count; ++i)
		outcome_free(&last[i].outcome);
	free(last);
}
