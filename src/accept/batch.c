#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "accept/batch.h"
#include "accept/newcomer.h"
#include "lib/deadline.h"
#include "lib/heap.h"
#include "lib/text.h"
#include "queue/header.h"

#define SHED_SECONDS 5  /* one that has become a file has its place by then */
#define SHED_LOOKS 1000 /* at a time */
#define MOST 1048576    /* bytes: a larger batch would make the first in it wait */

/* Somebody who waits for the batch. */
struct batch_answer {
	struct guest *guest;
	char text[1 + QUEUEID_LEN + 1];
};

static void
clear(struct batch *b)
{
	b->bytes.len = SEGMENT_BATCH_HEAD;
	b->since = 0;
	b->waits = b->tried = 0;
}

void
batch_init(struct batch *b, uint64_t bytes)
{
	slots_init(&b->slots, bytes);
	text_room(&b->bytes, SEGMENT_BATCH_HEAD);
	text_room(&b->written, SEGMENT_BATCH_HEAD);
	memset(b->bytes.s, 0, SEGMENT_BATCH_HEAD);
	memset(b->written.s, 0, SEGMENT_BATCH_HEAD);
	clear(b);
}

/*
 * A quarter of a segment for messages, and the one that goes beyond; an eighth for what
 * is carried on; what settles all messages has its place in another quarter: so every
 * batch finds a place in an empty segment.
 */
int
batch_has_room(const struct batch *b)
{
	return b->bytes.len < MOST && b->bytes.len < b->slots.size / 4;
}

int
batch_is_crowded(const struct batch *b)
{
	return b->unsettled.count >= b->slots.size / 4 / RECORD_HEAD ||
	       b->prepared.bytes >= b->slots.size / 8;
}

int
batch_takes(const struct batch *b, size_t len)
{
	const struct slots *s = &b->slots;

	return batch_has_room(b) && !batch_is_crowded(b) &&
	       ((s->in_trouble && s->maker == 0) ||
		   slots_has_room(s, b->bytes.len + RECORD_HEAD + HEADER_LEN + len));
}

static void
begin(struct batch *b)
{
	if (b->since == 0)
		b->since = deadline_now();
}

static void
put(struct batch *b, enum record_type type, const char *id, const char *body, size_t len)
{
	struct record r = {.type = type, .time = (uint64_t)time(NULL), .body = body};

	begin(b);
	strcpy(r.id, id);
	r.len = len;
	record_put(&b->bytes, &r);
}

void
batch_promise(struct batch *b, struct guest *g, const char *answer)
{
	struct batch_answer *a;

	begin(b);
	b->answers = heap_grow(b->answers, b->count, sizeof(*b->answers));
	a = &b->answers[b->count++];
	a->guest = g;
	strcpy(a->text, answer);
	g->owed++;
	b->waits = 1;
}

static void
put_message(
    struct batch *b, const char *id, const stralloc *message, const stralloc *envelope)
{
	struct header h = {.message = message->len, .envelope = envelope->len};
	struct record r = {.type = RECORD_MESSAGE, .time = (uint64_t)time(NULL)};
	struct unsettled *u = unsettled_add(&b->unsettled, id);
	char header[HEADER_LEN];

	begin(b);
	strcpy(r.id, id);
	r.len = sizeof header + message->len + envelope->len;
	header_format(header, &h);
	record_begin(&b->bytes, &r);
	u->at = b->bytes.len;
	u->len = (uint32_t)r.len;
	text_catb(&b->bytes, header, sizeof header);
	text_catb(&b->bytes, message->s, message->len);
	text_catb(&b->bytes, envelope->s, envelope->len);
}

void
batch_message(struct batch *b, struct guest *g, const char *id, const stralloc *message,
    const stralloc *envelope)
{
	char answer[1 + QUEUEID_LEN + 1] = "K";

	if (unsettled_find(&b->unsettled, id) == NULL)
		put_message(b, id, message, envelope);
	strcpy(answer + 1, id);
	batch_promise(b, g, answer);
}

int
batch_settle(struct batch *b, const char *id)
{
	struct unsettled *u = unsettled_find(&b->unsettled, id);
	size_t prepared = prepared_drop(&b->prepared, id);

	if (u == NULL && prepared == 0 && lately_has(&b->lately, id) == LATELY_DONE)
		return 0;
	lately_put(&b->lately, id, LATELY_DONE);
	put(b, RECORD_SETTLED, id, RECORD_DONE, sizeof(RECORD_DONE) - 1);
	if (u != NULL)
		unsettled_drop(&b->unsettled, u);
	return 1;
}

void
batch_filed(struct batch *b, const char *id)
{
	struct unsettled *u = unsettled_find(&b->unsettled, id);

	if (u == NULL && lately_has(&b->lately, id) != LATELY_UNKNOWN)
		return;
	lately_put(&b->lately, id, LATELY_FILED);
	put(b, RECORD_FILED, id, "", 0);
	if (u != NULL)
		unsettled_drop(&b->unsettled, u);
}

int
batch_knows(const struct batch *b, const char *id)
{
	return lately_has(&b->lately, id) != LATELY_UNKNOWN ||
	       prepared_has(&b->prepared, id);
}

void
batch_hurry(struct batch *b, int64_t until)
{
	if (b->since > until - BATCH_PATIENCE)
		b->since = until - BATCH_PATIENCE;
}

int
batch_has_done(const struct batch *b, const char *id)
{
	return lately_has(&b->lately, id) == LATELY_DONE &&
	       unsettled_find(&b->unsettled, id) == NULL;
}

void
batch_lines(struct batch *b, struct unsettled *u, const char *lines, size_t len)
{
	if (batch_has_room(b))
		put(b, RECORD_LINES, u->id, lines, len);
	text_catb(&u->lines, lines, len);
}

/* boot is 0 when it is not prepared any more. */
static void
put_prepared(stralloc *bytes, const struct prepared *p, uint64_t boot)
{
	struct record r = {.type = RECORD_PREPARED, .time = p->time, .boot = boot};

	strcpy(r.id, p->id);
	r.body = p->mailbox;
	r.len = p->len;
	record_put(bytes, &r);
}

/* Should this come to nothing, an earlier one of the same doesn't hold any more either.
 */
void
batch_prepared(
    struct batch *b, const char *id, const char *mailbox, size_t len, uint64_t boot)
{
	struct prepared *p = prepared_find(&b->prepared, id, mailbox, len);

	begin(b);
	if (p != NULL) {
		put_prepared(&b->bytes, p, 0);
		prepared_forget(&b->prepared, p);
	}
	p = prepared_add(&b->prepared, id, mailbox, len);
	p->time = (uint64_t)time(NULL);
	p->boot = boot;
	put_prepared(&b->bytes, p, boot);
}

void
batch_shed(struct batch *b)
{
	size_t most = b->slots.size / 8 - b->slots.size / 64;
	uint64_t before = (uint64_t)time(NULL) - SHED_SECONDS;
	struct prepared *p, *next;
	unsigned looks = SHED_LOOKS;

	for (p = b->prepared.first; p != NULL && b->prepared.bytes >= most && looks > 0;
	     p = next, looks--) {
		next = p->later;
		if (p->slot == NULL || p->time > before ||
		    unsettled_find(&b->unsettled, p->id) != NULL ||
		    newcomer_find(p->id) != NEWCOMER_NONE)
			continue;
		begin(b);
		put_prepared(&b->bytes, p, 0);
		prepared_forget(&b->prepared, p);
	}
}

static void
put_carried(struct batch *b, const struct slot *slot, stralloc *bytes)
{
	struct prepared *p, *next;
	uint64_t now = (uint64_t)time(NULL);

	for (p = b->prepared.first; p != NULL; p = next) {
		next = p->later;
		if (p->slot != slot)
			continue;
		if (p->time + PREPARED_SECONDS < now)
			prepared_forget(&b->prepared, p);
		else
			put_prepared(bytes, p, p->boot);
	}
}

int
batch_carry(struct batch *b, const struct slot *slot)
{
	static stralloc bytes; /* a cache */
	struct prepared *p, *next, *last = b->prepared.last;
	uint64_t at;

	text_room(&bytes, SEGMENT_BATCH_HEAD);
	bytes.len = SEGMENT_BATCH_HEAD;
	put_carried(b, slot, &bytes);
	if (slot->prepared > 0 && slots_append(&b->slots, &bytes, 0, &at) != 1)
		return 0;
	/* those that are carried become the last ones */
	for (p = b->prepared.first; slot->prepared > 0 && p != NULL; p = next) {
		next = p != last ? p->later : NULL;
		if (p->slot == slot)
			prepared_carried(&b->prepared, p, b->slots.current);
	}
	return 1;
}

static void
tell_all(struct batch *b, struct guest_list *gs)
{
	for (size_t i = 0; i < b->count; i++) {
		guest_tell(gs, b->answers[i].guest, b->answers[i].text);
		guest_release(gs, b->answers[i].guest);
	}
	free(b->answers);
	b->answers = NULL;
	b->count = 0;
}

/* All that was added lies in the current slot now, its batch at this place. */
static void
settle_down(struct batch *b, uint64_t at)
{
	struct slot *slot = b->slots.current;
	stralloc written = b->bytes;

	for (struct unsettled *u = b->unsettled.last; u != NULL && u->slot == NULL;
	     u = u->earlier) {
		u->slot = slot;
		u->at += at;
		slot->live++;
	}
	prepared_written(&b->prepared, slot);
	b->bytes = b->written;
	b->written = written;
	b->written_to = slot;
	b->written_at = at;
	clear(b);
}

enum batch_fate
batch_write(struct batch *b, struct guest_list *gs)
{
	uint64_t at;
	int r;

	if (b->bytes.len > SEGMENT_BATCH_HEAD) {
		r = slots_append(
		    &b->slots, &b->bytes, SEGMENT_BATCH_HEAD + b->prepared.bytes, &at);
		b->tried |= r == -1;
		if (r != 1)
			return r == -1 ? BATCH_FAILED : BATCH_FULL;
		settle_down(b, at);
	}
	tell_all(b, gs);
	clear(b);
	return BATCH_WRITTEN;
}

/*
 * What may have reached the disk, though nobody was told so, must not count: the records
 * that say that come before all that is said anew.
 */
static void
put_void(struct batch *b)
{
	struct unsettled *u = b->unsettled.last;
	struct prepared *p = b->prepared.first;

	for (; u != NULL && u->slot == NULL; u = u->earlier)
		put(b, RECORD_SETTLED, u->id, "", 0);
	for (; p != NULL; p = p->later)
		if (p->slot == NULL)
			put_prepared(&b->bytes, p, 0);
}

/* The records of before, but for messages and what was newly prepared. */
static void
put_rest(struct batch *b, const stralloc *before)
{
	size_t at = SEGMENT_BATCH_HEAD;
	struct record r;

	while (at < before->len) {
		at += (size_t)record_parse(&r, before->s + at, before->len - at);
		if (r.type != RECORD_MESSAGE &&
		    (r.type != RECORD_PREPARED || r.boot == 0))
			record_put(&b->bytes, &r);
	}
}

static void
forget_new(struct batch *b)
{
	struct unsettled *u;
	struct prepared *p, *next;

	while ((u = b->unsettled.last) != NULL && u->slot == NULL)
		unsettled_drop(&b->unsettled, u);
	for (p = b->prepared.first; b->prepared.pending > 0; p = next) {
		next = p->later;
		if (p->slot == NULL)
			prepared_forget(&b->prepared, p);
	}
}

/* What was settled before stays so: the others who wait are told that later. */
static void
refuse_all(struct batch *b, struct guest_list *gs, const char *why)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->count; i++) {
		struct batch_answer *a = &b->answers[i];

		if (*a->text == 'F') {
			b->answers[kept++] = *a;
			continue;
		}
		guest_tell(gs, a->guest, why);
		guest_release(gs, a->guest);
	}
	b->count = kept;
}

void
batch_give_up(struct batch *b, struct guest_list *gs, const char *why)
{
	stralloc before = b->bytes;

	b->bytes = (stralloc){0};
	text_room(&b->bytes, before.len + SEGMENT_BLOCK);
	memset(b->bytes.s, 0, SEGMENT_BATCH_HEAD);
	b->bytes.len = SEGMENT_BATCH_HEAD;
	if (b->tried)
		put_void(b);
	put_rest(b, &before);
	forget_new(b);
	refuse_all(b, gs, why);
	stralloc_free(&before);
	b->waits = b->tried = 0;
	if (b->bytes.len == SEGMENT_BATCH_HEAD)
		b->since = 0;
}

const char *
batch_file(struct batch *b, const struct unsettled *u)
{
	static stralloc file; /* a cache */

	if (u->slot == b->written_to && u->at >= b->written_at)
		return b->written.s + (u->at - b->written_at);
	text_room(&file, u->len);
	if (slots_read(u->slot, file.s, u->len, u->at) == -1)
		return NULL;
	return file.s;
}
