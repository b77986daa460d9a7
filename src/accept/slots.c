#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/offspring.h"
#include "accept/slot_make.h"
#include "accept/slots.h"
#include "lib/durable.h"
#include "lib/read_at.h"
#include "lib/text.h"

#define SIZE_LEAST 524288 /* in which the largest batch has its place */
#define USUAL 16          /* how many segments */
#define PAUSE 1000        /* milliseconds after a child that failed */

void
slots_init(struct slots *s, uint64_t bytes)
{
	memset(s, 0, sizeof *s);
	s->size = bytes / USUAL / SEGMENT_BLOCK * SEGMENT_BLOCK;
	if (s->size > SEGMENT_MAX)
		s->size = SEGMENT_MAX;
	if (s->size < SIZE_LEAST)
		s->size = SIZE_LEAST;
	s->count = bytes / s->size < SLOTS_MOST ? bytes / s->size : SLOTS_MOST;
	for (unsigned i = 0; i < SLOTS_MOST; i++) {
		s->list[i].number = i;
		s->list[i].fd = -1;
	}
}

void
slots_path(char path[SLOTS_PATH_MAX], unsigned number)
{
	char *end = stpcpy(path, SLOTS_FOLDER "/");

	end[0] = '0' + number / 10;
	end[1] = '0' + number % 10;
	end[2] = '\0';
}

/* The one of that state with the lowest generation, or null. */
static struct slot *
first_of(const struct slots *s, enum slots_state state)
{
	const struct slot *first = NULL, *slot;

	for (slot = s->list; slot < s->list + SLOTS_MOST; slot++)
		if (slot->state == state &&
		    (first == NULL ||
			slot->segment.generation < first->segment.generation))
			first = slot;
	return (struct slot *)first;
}

struct slot *
slots_oldest(struct slots *s)
{
	return first_of(s, SLOT_FULL);
}

/* Go on in the next segment.  Returns 1, or 0 when there is none; nothing changes then.
 */
static int
advance(struct slots *s)
{
	struct slot *next = first_of(s, SLOT_READY);

	if (next == NULL)
		return 0;
	if (s->current != NULL)
		s->current->state = SLOT_FULL;
	next->state = SLOT_CURRENT;
	s->current = next;
	s->end = SEGMENT_BLOCK;
	s->sequence = 0;
	return 1;
}

static int
write_at(int fd, const char *s, size_t len, uint64_t at)
{
	ssize_t r;

	while (len > 0) {
		r = pwrite(fd, s, len, (off_t)at);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return -1;
		s += r;
		len -= (size_t)r;
		at += (size_t)r;
	}
	return 0;
}

/*
 * What a sync that failed has left on the disk nobody knows, and the next one would not
 * tell: the segment ends with it.
 */
static int
write_batch(struct slots *s, stralloc *batch)
{
	struct slot *slot = s->current;
	char path[SLOTS_PATH_MAX];
	size_t len;
	int saved;

	len = segment_seal(&slot->segment, s->sequence, batch->s, batch->len);
	if (write_at(slot->fd, batch->s, len, s->end) == 0 && fdatasync(slot->fd) == 0) {
		s->end += len;
		s->sequence++;
		return 1;
	}
	saved = errno;
	slots_path(path, slot->number);
	carpsys("unable to write to ", path, ", which is left");
	slot->state = SLOT_FULL;
	slot->worn = 1;
	s->current = NULL;
	errno = saved;
	return -1;
}

/* Is there room for so many bytes in the current segment? */
static int
fits(const struct slots *s, size_t len)
{
	return s->current != NULL && s->end + len <= s->current->segment.size;
}

int
slots_append(struct slots *s, stralloc *batch, size_t reserve, uint64_t *at)
{
	size_t len = segment_round(batch->len), more = segment_round(reserve);
	int r = 0;

	text_room(batch, batch->len + SEGMENT_BLOCK);
	if (!fits(s, len) && !advance(s))
		return 0;
	if (!fits(s, len + more) && first_of(s, SLOT_READY) == NULL)
		return 0;
	while (s->current != NULL && r != 1) {
		*at = s->end;
		r = write_batch(s, batch);
		if (r == -1)
			advance(s);
	}
	return r;
}

int
slots_has_room(const struct slots *s, size_t len)
{
	const struct slot *ready = first_of(s, SLOT_READY);

	if (ready != NULL)
		return !ready->spare;
	return s->current != NULL && !s->current->spare &&
	       fits(s, segment_round(len) + s->size / 4);
}

/*
 * Nobody needs the oldest any more.  It must not come back when those that came after it
 * are gone.  Returns 0, or -1 after a warning.
 */
static int
remove_oldest(struct slot *slot)
{
	char path[SLOTS_PATH_MAX];

	slots_path(path, slot->number);
	if ((unlink(path) == -1 && errno != ENOENT) ||
	    durable_sync_directory(AT_FDCWD, SLOTS_FOLDER) == -1) {
		carpsys("unable to remove ", path);
		return -1;
	}
	close(slot->fd);
	slot->fd = -1;
	slot->state = SLOT_NONE;
	return 0;
}

/*
 * The oldest is used again when nobody needs it; it alone, for what the later ones say of
 * it must last as long as it does.  Else a new one, if there may be more.  One more there
 * may be when none can be written to, as after many starts: what is prepared in the
 * oldest has no place to go on in, nor what is settled.
 */
static struct slot *
choose(struct slots *s, int surplus)
{
	unsigned i, most = s->current != NULL && !surplus ? s->count : SLOTS_MOST;
	struct slot *oldest;

	while ((oldest = slots_oldest(s)) != NULL && oldest->live == 0 &&
	       oldest->prepared == 0) {
		if (oldest->number < s->count)
			return oldest;
		if (remove_oldest(oldest) == -1)
			return NULL;
	}
	for (i = 0; i < most; i++)
		if (s->list[i].state == SLOT_NONE)
			return &s->list[i];
	return NULL;
}

int
slots_are_many(const struct slots *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < SLOTS_MOST; i++)
		n += s->list[i].state != SLOT_NONE;
	return n > s->count && s->maker == 0;
}

void
slots_shrink(struct slots *s, int64_t now)
{
	struct slot *oldest = slots_oldest(s);

	if (now < s->not_before || oldest == NULL || oldest->live > 0 ||
	    oldest->prepared > 0)
		return;
	if (remove_oldest(oldest) == -1)
		s->not_before = now + PAUSE;
}

static int
make_segment(struct slots *s, struct segment *segment)
{
	segment->generation = s->generation + 1;
	segment->size = s->size;
	return getrandom(segment->key, sizeof segment->key, 0) == sizeof segment->key
		   ? 0
		   : -1;
}

static void
begin_making(struct slots *s, struct slot *slot, int64_t now)
{
	int anew = slot->state == SLOT_NONE || slot->worn;
	struct segment segment;

	s->not_before = now + PAUSE;
	if (make_segment(s, &segment) == -1) {
		carpsys("unable to make a key for ", SLOTS_FOLDER);
		return;
	}
	s->maker = offspring_fork(NULL, 0, 1);
	if (s->maker == 0)
		_exit(slot_make(slot->number, &segment, anew) == 0 ? 0 : 111);
	if (s->maker == -1) {
		carpsys("unable to fork for ", SLOTS_FOLDER);
		s->maker = 0;
		return;
	}
	s->generation = segment.generation;
	s->making = slot;
	s->anew = anew;
	s->before = *slot;
	slot->segment = segment;
	slot->state = SLOT_MAKING;
}

int
slots_want(const struct slots *s, int needed, int64_t now)
{
	if (s->maker != 0 || first_of(s, SLOT_READY) != NULL)
		return 0;
	if (s->in_trouble && now < s->not_before)
		return 0;
	return needed || s->current == NULL || s->current->spare ||
	       s->end >= s->current->segment.size / 4;
}

int
slots_provide(struct slots *s, int64_t now, int surplus)
{
	struct slot *slot = choose(s, surplus);

	if (slot == NULL)
		return 0;
	begin_making(s, slot, now);
	slot->spare = surplus && slot->number >= s->count;
	s->in_trouble |= s->maker == 0;
	return 1;
}

/* The file that a child has filled.  Returns 0, or -1 after a warning. */
static int
open_slot(struct slot *slot)
{
	char path[SLOTS_PATH_MAX];

	slots_path(path, slot->number);
	if (slot->fd != -1)
		close(slot->fd);
	slot->fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (slot->fd == -1)
		carpsys("unable to open ", path);
	return slot->fd == -1 ? -1 : 0;
}

/*
 * One that could not be made is what it was before: the oldest still, perhaps, without
 * which those that came after it must not go.
 */
void
slots_made(struct slots *s, int status, int64_t now)
{
	struct slot *slot = s->making;
	int is_good = status == 0 && (!s->anew || open_slot(slot) == 0);

	s->maker = 0;
	s->making = NULL;
	s->in_trouble = !is_good;
	s->not_before = now + PAUSE;
	slot->worn = !is_good;
	slot->state = is_good ? SLOT_READY : s->before.state;
	if (!is_good)
		slot->segment = s->before.segment;
}

int
slots_read(const struct slot *slot, char *buf, size_t len, uint64_t at)
{
	int r = read_at(slot->fd, buf, len, at);

	if (r == 0)
		errno = EIO;
	return r == 1 ? 0 : -1;
}
