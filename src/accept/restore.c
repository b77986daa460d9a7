#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/newcomer.h"
#include "accept/restore.h"
#include "accept/restore_read.h"
#include "accept/restore_tail.h"
#include "lib/log.h"
#include "lib/text.h"
#include "queue/header.h"
#include "queue/place.h"
#include "queue/replay.h"

static void
take_prepared(struct batch *b, struct slot *slot, const struct record *r)
{
	struct prepared *p = prepared_find(&b->prepared, r->id, r->body, r->len);

	if (p != NULL)
		prepared_forget(&b->prepared, p);
	if (r->boot == 0)
		return;
	p = prepared_add(&b->prepared, r->id, r->body, r->len);
	p->time = r->time;
	p->boot = r->boot;
	prepared_written(&b->prepared, slot);
}

/* One that is there twice was written again after a failure. */
static void
take_message(struct batch *b, struct slot *slot, const struct record *r, uint64_t at)
{
	struct unsettled *u;
	struct header h;

	if (r->len < HEADER_LEN || !header_parse(&h, r->body, r->len) ||
	    header_end(&h) != r->len) {
		carp("message ", r->id, " in " SLOTS_FOLDER " is none");
		return;
	}
	if (unsettled_find(&b->unsettled, r->id) != NULL)
		return;
	u = unsettled_add(&b->unsettled, r->id);
	u->slot = slot;
	u->at = at;
	u->len = (uint32_t)r->len;
	u->again = 1;
	slot->live++;
}

static void
take(struct batch *b, struct slot *slot, const struct record *r, uint64_t at)
{
	struct unsettled *u;

	switch (r->type) {
	case RECORD_MESSAGE:
		take_message(b, slot, r, at);
		return;
	case RECORD_PREPARED:
		take_prepared(b, slot, r);
		return;
	case RECORD_LINES:
		u = unsettled_find(&b->unsettled, r->id);
		if (u != NULL)
			text_catb(&u->lines, r->body, r->len);
		return;
	case RECORD_FILED:
		lately_put(&b->lately, r->id, LATELY_FILED);
		u = unsettled_find(&b->unsettled, r->id);
		if (u != NULL)
			unsettled_drop(&b->unsettled, u);
		return;
	case RECORD_SETTLED:
		/* one that was never acknowledged may come again */
		if (r->len > 0)
			lately_put(&b->lately, r->id, LATELY_DONE);
		u = unsettled_find(&b->unsettled, r->id);
		if (u != NULL)
			unsettled_drop(&b->unsettled, u);
		prepared_drop(&b->prepared, r->id);
	}
}

/* The records of a batch, s[from..to).  Returns where they end being records. */
static size_t
take_all(struct batch *b, struct slot *slot, const char *s, size_t from, size_t to)
{
	struct record r;
	ssize_t n;

	for (; from < to; from += (size_t)n) {
		n = record_parse(&r, s + from, to - from);
		if (n == -1)
			break;
		take(b, slot, &r, SEGMENT_BLOCK + (uint64_t)(r.body - s));
	}
	return from;
}

/*
 * All batches of a slot, s[0..len) behind its head, and what is not whole behind them.
 * Returns whether there are any.
 */
static int
replay(struct batch *b, struct restore_tails *t, struct slot *slot, const char *s,
    size_t len)
{
	struct replay r = {.segment = &slot->segment, .s = s, .len = len};
	enum replay_part part;
	size_t from, to, end;

	while ((part = replay_next(&r, &from, &to)) != REPLAY_END) {
		end = part == REPLAY_BATCH ? take_all(b, slot, s, from, to) : from;
		/* one that can't be kept elsewhere keeps its slot from being used again
		 */
		if (end < to &&
		    restore_read_keep(slot, s + end, to - end, SEGMENT_BLOCK + end) == -1)
			slot->live++;
	}
	if (r.at > 0)
		restore_tail_keep(t, &b->slots);
	t->at[slot->number] = r.at;
	t->len[slot->number] =
	    segment_begins(&slot->segment, s + r.at, len - r.at, r.sequence);
	return r.at > 0;
}

/* Whether it holds anything or not, nothing more is added to what is there. */
static int
restore_slot(struct batch *b, struct restore_tails *t, struct slot *slot)
{
	size_t len = slot->segment.size - SEGMENT_BLOCK;
	char *s = restore_read(slot, len);
	int has_records;

	if (s == NULL)
		return -1;
	has_records = replay(b, t, slot, s, len);
	free(s);
	slot->state = has_records ? SLOT_FULL : SLOT_READY;
	slot->worn = slot->segment.size != b->slots.size;
	if (!has_records && (slot->worn || slot->number >= b->slots.count))
		slot->state = SLOT_FULL;
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct slot *const *x = a, *const *y = b;

	return ((*x)->segment.generation > (*y)->segment.generation) -
	       ((*x)->segment.generation < (*y)->segment.generation);
}

/*
 * One in which nothing was found, for its first batch could not be written, say, though
 * there is something in later ones: what is added now has to be read after that.
 */
static void
close_early(struct slots *s)
{
	uint64_t last = 0;
	struct slot *slot;

	for (slot = s->list; slot < s->list + SLOTS_MOST; slot++)
		if (slot->state == SLOT_FULL && slot->segment.generation > last)
			last = slot->segment.generation;
	for (slot = s->list; slot < s->list + SLOTS_MOST; slot++)
		if (slot->state == SLOT_READY && slot->segment.generation < last)
			slot->state = SLOT_FULL;
}

/* All slots, in the order in which they were written. */
static int
restore_all(struct batch *b)
{
	struct slot *found[SLOTS_MOST] = {NULL};
	struct restore_tails tails = {0};
	size_t n = 0, i;

	for (i = 0; i < SLOTS_MOST; i++)
		if (restore_read_open(&b->slots.list[i]) == 0)
			found[n++] = &b->slots.list[i];
	qsort(found, n, sizeof *found, compare);
	for (i = 0; i < n; i++) {
		if (found[i]->segment.generation > b->slots.generation)
			b->slots.generation = found[i]->segment.generation;
		if (restore_slot(b, &tails, found[i]) == -1)
			return -1;
	}
	restore_tail_clear(&tails, &b->slots);
	close_early(&b->slots);
	return 0;
}

/* What nobody has given its name. */
static int
is_leftover(const char *name)
{
	const char *dot = strchr(name, '.');

	return strncmp(name, "tmp.", 4) == 0 || (dot != NULL && strcmp(dot, ".tmp") == 0);
}

static int
clean_up(void)
{
	DIR *folder = opendir(SLOTS_FOLDER);
	const struct dirent *entry;

	if (folder == NULL) {
		carpsys("unable to open ", SLOTS_FOLDER);
		return -1;
	}
	while ((entry = readdir(folder)) != NULL)
		if (is_leftover(entry->d_name))
			unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
	return 0;
}

/* One that was asked again while there was no service is a file of queue-inject's. */
static void
drop_twins(struct batch *b)
{
	struct unsettled *u = b->unsettled.first, *later;

	for (; u != NULL; u = later) {
		later = u->later;
		if (newcomer_find(u->id) == NEWCOMER_NEW && newcomer_sync(u->id) == 1)
			batch_filed(b, u->id);
	}
}

int
restore(struct batch *b)
{
	char messages[DECIMAL_MAX], prepared[DECIMAL_MAX];

	if (mkdir(SLOTS_FOLDER, 0700) == -1 && errno != EEXIST) {
		carpsys("unable to make ", SLOTS_FOLDER);
		return -1;
	}
	if (clean_up() == -1 || restore_all(b) == -1)
		return -1;
	drop_twins(b);
	if (b->unsettled.count > 0)
		log_event(NULL, "replayed", "messages",
		    text_decimal(messages, b->unsettled.count), "prepared",
		    text_decimal(prepared, b->prepared.count), (char *)NULL);
	return 0;
}
