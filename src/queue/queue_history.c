#include "queue/queue_history.h"

#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/queue_journal.h"

struct reading {
	size_t count;
	struct queue_last *last;
};

static void
set(stralloc *sa, const char *s, size_t len)
{
	sa->len = 0;
	text_catb(sa, s, len);
	text_terminate(sa);
}

static void
take(void *context, const struct queue_entry *entry)
{
	struct reading *r = context;
	struct queue_last *last;

	if (entry->index >= r->count || !strchr("KZDX", entry->state))
		return;
	last = &r->last[entry->index];
	last->time = entry->time;
	set(&last->status, entry->status, entry->status_len);
	set(&last->text, entry->text, entry->text_len);
}

int
queue_history_read(const struct queue_file *f, struct queue_last *last)
{
	struct reading r = {f->envelope.count, last};

	return queue_journal_read(
		   f->fd, queue_header_end(&f->header), f->size, take, &r) == -1
		   ? -1
		   : 0;
}

struct queue_last *
queue_history_make(const struct queue_file *f)
{
	struct queue_last *last = calloc(f->envelope.count, sizeof *last);

	if (!last)
		die(DEFER, "out of memory");
	return last;
}

void
queue_history_free(const struct queue_file *f, struct queue_last *last)
{
	for (size_t i = 0; i < f->envelope.count; ++i) {
		stralloc_free(&last[i].status);
		stralloc_free(&last[i].text);
	}
	free(last);
}
