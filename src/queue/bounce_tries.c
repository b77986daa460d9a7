#include "queue/bounce_tries.h"

#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "lib/datetime.h"
#include "lib/notify.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/bounce_write.h"
#include "queue/queue_journal.h"

#define TEXT_BYTES 200

struct
try {
	int64_t time;
	char *text;
};

struct bounce_tries {
	size_t count;
	struct try first[BOUNCE_TRIES_FIRST], last[BOUNCE_TRIES_LAST]; /* a ring */
};

struct reading {
	struct bounce_tries **tries;
	size_t count;
};

static struct try *
slot(struct bounce_tries *t, size_t i)
{
	return i < BOUNCE_TRIES_FIRST
		   ? &t->first[i]
		   : &t->last[(i - BOUNCE_TRIES_FIRST) % BOUNCE_TRIES_LAST];
}

/* Of a success the sender is not told where behind his address it was. */
static char *
words(const struct queue_entry *entry)
{
	const char *s = entry->text;
	size_t len = entry->text_len;
	char *text;

	if (entry->state == 'K' && notify_success(s, len) == 'r') {
		s += strlen(NOTIFY_RELAYED);
		len -= strlen(NOTIFY_RELAYED);
	} else if (entry->state == 'K') {
		s = "done";
		len = strlen(s);
	}
	text = strndup(s, len < TEXT_BYTES ? len : TEXT_BYTES);
	if (!text)
		die(DEFER, "out of memory");
	return text;
}

static void
take(void *context, const struct queue_entry *entry)
{
	struct reading *r = context;
	struct bounce_tries *t;
	struct try *s;

	if (entry->index >= r->count || !r->tries[entry->index] ||
	    !queue_entry_is_try(entry->state, entry->status, entry->status_len))
		return;
	t = r->tries[entry->index];
	s = slot(t, t->count++);
	free(s->text);
	s->text = words(entry);
	s->time = entry->time;
}

/* Room for those that the report is about; null when they are too many. */
static struct bounce_tries **
make(const struct bounce *b)
{
	struct bounce_tries **tries = calloc(b->file.envelope.count, sizeof *tries);
	size_t n = 0;

	if (!tries)
		die(DEFER, "out of memory");
	for (size_t i = bounce_next(b, 0); i < b->file.envelope.count;
	     i = bounce_next(b, i + 1)) {
		if (++n > BOUNCE_TRIES_RECIPIENTS)
			return NULL;
		tries[i] = calloc(1, sizeof **tries);
		if (!tries[i])
			die(DEFER, "out of memory");
	}
	return tries;
}

int
bounce_tries_read(struct bounce_tries ***tries, const struct bounce *b)
{
	const struct queue_file *f = &b->file;
	struct reading r = {make(b), f->envelope.count};

	*tries = r.tries;
	if (!r.tries)
		return 0;
	return queue_journal_read(
		   f->fd, queue_header_end(&f->header), f->size, take, &r) == -1
		   ? -1
		   : 0;
}

static void
put(stralloc *sa, const struct try *t, int is_same)
{
	char date[DATETIME_MAX];
	stralloc line = {0};

	text_cat(&line, datetime_rfc5322(date, t->time), ": ",
	    is_same ? "the same" : t->text, (char *)0);
	text_terminate(&line);
	bounce_put_paragraph(sa, "    ", "        ", line.s);
	stralloc_free(&line);
}

void
bounce_put_tries(stralloc *sa, struct bounce_tries *const *tries, size_t i)
{
	struct bounce_tries *t = tries ? tries[i] : NULL;
	const struct try *before = NULL;
	char n[DECIMAL_MAX];

	if (!t || t->count == 0)
		return;
	text_cat(sa, "  Attempts:\n", (char *)0);
	for (size_t k = 0; k < t->count; ++k) {
		const struct try *now = slot(t, k);
		size_t kept = t->count - BOUNCE_TRIES_LAST;

		if (k == BOUNCE_TRIES_FIRST && t->count > k + BOUNCE_TRIES_LAST) {
			text_cat(sa, "    and ", text_decimal(n, kept - k),
			    " more, then\n", (char *)0);
			k = kept - 1;
			before = NULL;
			continue;
		}
		put(sa, now, before && strcmp(before->text, now->text) == 0);
		before = now;
	}
}
