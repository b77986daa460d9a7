#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <errmsg.h>

#include "lib/heap.h"
#include "lib/text.h"
#include "queue/header.h"
#include "queue/ledger.h"
#include "queue/ledger_memory.h"
#include "queue/place.h"

#define ROOM_FIRST 256

static struct ledger_entry **
slot(const struct ledger *l, const char *id)
{
	return &l->slots[queueid_hash(id, l->seed) & (l->room - 1)];
}

static struct ledger_entry *
find(const struct ledger *l, const char *id)
{
	struct ledger_entry *e = l->count > 0 ? *slot(l, id) : NULL;

	while (e != NULL && strcmp(e->id, id) != 0)
		e = e->chain;
	return e;
}

/* Clients choose IDs, so the seed is nobody's to know. */
static void
grow(struct ledger *l)
{
	struct ledger_entry *e, **p;

	if (l->room == 0 && getrandom(&l->seed, sizeof l->seed, 0) == -1)
		l->seed = (uintptr_t)l;
	free(l->slots);
	l->room = l->room > 0 ? 2 * l->room : ROOM_FIRST;
	l->slots = heap_make(l->room, sizeof(*l->slots));
	for (e = l->first; e != NULL; e = e->later) {
		p = slot(l, e->id);
		e->chain = *p;
		*p = e;
	}
}

static struct ledger_entry *
add(struct ledger *l, const char *id)
{
	struct ledger_entry *e = heap_make(1, sizeof *e), **p;

	if (l->count == l->room)
		grow(l);
	strcpy(e->id, id);
	p = slot(l, id);
	e->chain = *p;
	*p = e;
	e->earlier = l->last;
	*(l->last != NULL ? &l->last->later : &l->first) = e;
	l->last = e;
	++l->count;
	return e;
}

static void
drop(struct ledger *l, struct ledger_entry *e)
{
	struct ledger_entry **p = slot(l, e->id);

	while (*p != e)
		p = &(*p)->chain;
	*p = e->chain;
	*(e->earlier != NULL ? &e->earlier->later : &l->first) = e->later;
	*(e->later != NULL ? &e->later->earlier : &l->last) = e->earlier;
	--l->count;
	ledger_memory_free_lines(e);
	free(e);
}

static void
tell(struct ledger *l, const char *path, const char *why)
{
	l->trouble = 1;
	if (l->tell != NULL)
		l->tell(l->context, path, why);
	else
		carp(path, ": ", why);
}

static void
tell_system(struct ledger *l, const char *path)
{
	stralloc why = {0};

	text_cat(&why, "unable to read it: ", strerror(errno), (char *)NULL);
	text_terminate(&why);
	tell(l, path, why.s);
	stralloc_free(&why);
}

/* What was written again after a failure is there twice. */
static void
take_message(struct ledger *l, unsigned number, const struct record *r, uint64_t at)
{
	char path[LEDGER_SEGMENT_PATH_MAX];
	struct ledger_entry *e;
	struct header h;

	if (r->len < HEADER_LEN || !header_parse(&h, r->body, r->len) ||
	    header_end(&h) != r->len) {
		ledger_segment_path(path, number);
		tell(l, path, "a record of a message that is none");
		return;
	}
	if (find(l, r->id) != NULL)
		return;
	e = add(l, r->id);
	e->segment = number;
	e->at = at;
	e->len = (uint32_t)r->len;
}

static void
take(void *context, unsigned number, const struct record *r, uint64_t at)
{
	struct ledger *l = context;
	struct ledger_entry *e;

	if (r->type == RECORD_MESSAGE) {
		take_message(l, number, r, at);
		return;
	}
	e = find(l, r->id);
	if (e == NULL)
		return;
	if (r->type == RECORD_SETTLED || r->type == RECORD_FILED)
		drop(l, e);
	else if (r->type == RECORD_LINES)
		ledger_memory_add_line(e, number, at, r->len);
}

static void
miss(void *context, unsigned number, uint64_t from, uint64_t to)
{
	char path[LEDGER_SEGMENT_PATH_MAX], one[DECIMAL_MAX], other[DECIMAL_MAX];
	stralloc why = {0};

	ledger_segment_path(path, number);
	text_cat(&why, "damaged from byte ", text_decimal(one, from), " to ",
	    text_decimal(other, to), (char *)NULL);
	text_terminate(&why);
	tell(context, path, why.s);
	stralloc_free(&why);
}

/* The order in which they were written. */
static int
compare(const void *a, const void *b)
{
	const struct ledger_segment *const *x = a, *const *y = b;

	return ((*x)->segment.generation > (*y)->segment.generation) -
	       ((*x)->segment.generation < (*y)->segment.generation);
}

static size_t
open_all(struct ledger *l, struct ledger_segment **list)
{
	char path[LEDGER_SEGMENT_PATH_MAX];
	const char *why;
	size_t n = 0;

	for (unsigned i = 0; i < LEDGER_SEGMENT_MOST; ++i) {
		int r = ledger_segment_open(&l->segments[i], i, &why);

		ledger_segment_path(path, i);
		if (r == 1) {
			l->is_open[i] = 1;
			list[n++] = &l->segments[i];
		} else if (r == 0)
			tell(l, path, why);
		else if (errno != ENOENT) {
			tell_system(l, path);
			if (errno == EACCES)
				break;
		}
	}
	qsort(list, n, sizeof *list, compare);
	return n;
}

/*
 * The oldest segment is used again when all its messages are settled, and only it: so all
 * are, too, of those that are older than one that has been.
 */
static void
forget_older(struct ledger *l, uint64_t generation)
{
	struct ledger_entry *e, *later;

	for (e = l->first; e != NULL; e = later) {
		later = e->later;
		if (l->segments[e->segment].segment.generation <= generation)
			drop(l, e);
	}
}

int
ledger_read(struct ledger *l)
{
	struct ledger_segment *list[LEDGER_SEGMENT_MOST];
	struct ledger_segment_reader reader = {take, miss, l};
	char path[LEDGER_SEGMENT_PATH_MAX];
	size_t n;

	if (l->is_read)
		return l->trouble ? -1 : 0;
	l->is_read = 1;
	n = open_all(l, list);
	for (size_t i = 0; i < n; ++i) {
		ledger_segment_path(path, list[i]->number);
		if (ledger_segment_walk(list[i], &reader) == -1)
			tell_system(l, path);
		if (!ledger_segment_stays(list[i]))
			forget_older(l, list[i]->segment.generation);
	}
	return l->trouble ? -1 : 0;
}

int
ledger_open(struct ledger *l, struct file *f, int64_t place, const char *id, int flags,
    const char **why)
{
	const struct ledger_entry *e = place == PLACE_JOURNAL ? find(l, id) : NULL;
	char path[PLACE_PATH_MAX];
	int r = -1;

	errno = ENOENT;
	if (e != NULL && e->len > 0)
		r = ledger_memory_open(l, e, f, flags & ~FILE_LOCK, why);
	if (r != -1 || errno != ENOENT)
		return r;
	place_path(path, place, id);
	return file_open(f, path, flags, why);
}

/* A visit of the journal's folder. */
struct round {
	struct ledger *ledger;
	walk_visit *visit;
	void *context;
};

static int
visit_file(void *context, int64_t place, const char *name)
{
	struct round *r = context;
	int result = 0;

	if (!queueid_is(name) || ledger_has_shown(r->ledger, name))
		return 1;
	result = r->visit(r->context, place, name);
	if (result != 0 && find(r->ledger, name) == NULL)
		add(r->ledger, name)->shown = 1;
	return result;
}

int
ledger_walk(struct ledger *l, walk_visit *visit, void *context)
{
	struct round round = {l, visit, context};

	for (struct ledger_entry *e = l->first; e != NULL; e = e->later)
		e->shown = visit(context, PLACE_JOURNAL, e->id) != 0;
	return walk_place(PLACE_JOURNAL, visit_file, &round);
}

int
ledger_has_shown(const struct ledger *l, const char *id)
{
	const struct ledger_entry *e = find(l, id);

	return e != NULL && e->shown;
}
