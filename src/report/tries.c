#include <stdlib.h>
#include <string.h>

#include "lib/datetime.h"
#include "lib/heap.h"
#include "lib/outcome.h"
#include "lib/text.h"
#include "queue/journal.h"
#include "report/field.h"
#include "report/tries.h"

#define TEXT_BYTES 200

struct
try {
	int64_t time;
	char *text;
};

struct tries {
	size_t count;
	struct try first[TRIES_FIRST], last[TRIES_LAST]; /* a ring */
};

struct reading {
	struct tries **tries;
	size_t count;
};

static struct try *
slot(struct tries *t, size_t i)
{
	return i < TRIES_FIRST ? &t->first[i] : &t->last[(i - TRIES_FIRST) % TRIES_LAST];
}

/* Of a success the sender is not told where behind his address it was. */
static char *
words(const struct journal_entry *entry)
{
	const char *s = entry->text;
	size_t len = entry->text_len;
	struct outcome_parts parts;
	char *text;

	outcome_parts(&parts, s, len);
	if (entry->state == 'K' && parts.success == *OUTCOME_RELAYED) {
		s += parts.own;
		len -= parts.own;
	} else if (entry->state == 'K') {
		s = "done";
		len = strlen(s);
	}
	text = heap_copy(s, len < TEXT_BYTES ? len : TEXT_BYTES);
	return text;
}

static void
take(void *context, const struct journal_entry *entry)
{
	struct reading *r = context;
	struct tries *t;
	struct try *s;

	if (entry->index >= r->count || r->tries[entry->index] == NULL ||
	    !journal_is_try(entry->state, entry->status, entry->status_len))
		return;
	t = r->tries[entry->index];
	s = slot(t, t->count++);
	free(s->text);
	s->text = words(entry);
	s->time = entry->time;
}

/* Room for those that the report is about; null when they are too many. */
static struct tries **
make(const struct bounce *b)
{
	struct tries **tries = heap_make(b->file.envelope.count, sizeof *tries);
	size_t n = 0;

	for (size_t i = bounce_next(b, 0); i < b->file.envelope.count;
	     i = bounce_next(b, i + 1)) {
		if (++n > TRIES_RECIPIENTS)
			return NULL;
		tries[i] = heap_make(1, sizeof **tries);
	}
	return tries;
}

int
tries_read(struct tries ***tries, const struct bounce *b)
{
	const struct file *f = &b->file;
	struct reading r = {make(b), f->envelope.count};

	*tries = r.tries;
	if (r.tries == NULL)
		return 0;
	return journal_read(f->fd, header_end(&f->header), f->size, take, &r) == -1 ? -1
										    : 0;
}

static void
put(stralloc *sa, const struct try *t, int is_same)
{
	char date[DATETIME_MAX];
	stralloc line = {0};

	text_cat(&line, datetime_rfc5322(date, t->time), ": ",
	    is_same ? "the same" : t->text, (char *)NULL);
	text_terminate(&line);
	field_put_paragraph(sa, "    ", "        ", line.s);
	stralloc_free(&line);
}

void
tries_put(stralloc *sa, struct tries *const *tries, size_t i)
{
	struct tries *t = tries != NULL ? tries[i] : NULL;
	const struct try *before = NULL;
	char n[DECIMAL_MAX];

	if (t == NULL || t->count == 0)
		return;
	text_cat(sa, "  Attempts:\n", (char *)NULL);
	for (size_t k = 0; k < t->count; ++k) {
		const struct try *now = slot(t, k);
		size_t kept = t->count - TRIES_LAST;

		if (k == TRIES_FIRST && t->count > k + TRIES_LAST) {
			text_cat(sa, "    and ", text_decimal(n, kept - k),
			    " more, then\n", (char *)NULL);
			k = kept - 1;
			before = NULL;
			continue;
		}
		put(sa, now, before != NULL && strcmp(before->text, now->text) == 0);
		before = now;
	}
}
