#include "queue/queue_buckets.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <errmsg.h>

#include "lib/durable.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/queue_place.h"

#define GRAINS_MAX 256 /* in one wait, as far as the next one allows */
#define GRAIN_MAX 512  /* seconds; less than what queue-run forgives the clock */

static int
is_apart(const struct queue_bucket *bucket)
{
	return bucket->due != bucket->time;
}

/* The first whose time is not before the given one. */
static size_t
find(const struct queue_buckets *b, int64_t time)
{
	size_t low = 0, high = b->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->list[middle].time < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
has(const struct queue_buckets *b, int64_t time)
{
	size_t i = find(b, time);

	return i < b->count && b->list[i].time == time;
}

static void
make_room(struct queue_buckets *b)
{
	size_t room = b->room ? 2 * b->room : 64;
	struct queue_bucket *list;

	if (b->count < b->room)
		return;
	list = realloc(b->list, room * sizeof *list);
	if (!list)
		die(DEFER, "out of memory");
	b->list = list;
	b->room = room;
}

static void
insert(struct queue_buckets *b, int64_t time)
{
	size_t i = find(b, time);

	make_room(b);
	memmove(b->list + i + 1, b->list + i, (b->count - i) * sizeof *b->list);
	b->list[i] = (struct queue_bucket){time, time};
	++b->count;
}

/* Those that were known come first: what they know is kept. */
static int
by_time(const void *a, const void *b)
{
	const struct queue_bucket *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return is_apart(y) - is_apart(x);
}

/* Sorted at once: one by one, a hundred thousand would take their time. */
static void
sort(struct queue_buckets *b)
{
	size_t n = 0;

	if (b->count > 0) /* else there may be no list */
		qsort(b->list, b->count, sizeof *b->list, by_time);
	for (size_t i = 0; i < b->count; ++i)
		if (n == 0 || b->list[n - 1].time != b->list[i].time)
			b->list[n++] = b->list[i];
	b->count = n;
}

static void
take_name(struct queue_buckets *b, const char *name)
{
	int64_t time = queue_bucket_time(name);

	if (time == 0) {
		if (name[0] != '.')
			queue_foreign_meet(
			    &b->foreign, "queue/later", name, "not the name of a bucket");
	} else if (time == b->open)
		b->open_again = 1;
	else {
		make_room(b);
		b->list[b->count++] = (struct queue_bucket){time, time};
	}
}

int
queue_buckets_scan(struct queue_buckets *b)
{
	DIR *dir = opendir("queue/later");
	struct dirent *entry;
	int saved;

	if (!dir)
		return -1;
	while (errno = 0, (entry = readdir(dir)))
		take_name(b, entry->d_name);
	saved = errno;
	closedir(dir);
	sort(b);
	errno = saved;
	return saved ? -1 : 0;
}

static void
set_due(struct queue_buckets *b, struct queue_bucket *bucket, int64_t due)
{
	b->apart -= is_apart(bucket);
	bucket->due = due;
	b->apart += is_apart(bucket);
}

void
queue_buckets_hurry(struct queue_buckets *b)
{
	for (size_t i = 0; i < b->count; ++i)
		set_due(b, &b->list[i], 0);
}

void
queue_buckets_shift(struct queue_buckets *b, int64_t by)
{
	for (size_t i = 0; i < b->count; ++i)
		if (b->list[i].due > 0)
			set_due(b, &b->list[i], b->list[i].due + by);
}

static size_t
next(const struct queue_buckets *b)
{
	size_t first = 0;

	for (size_t i = 0; b->apart > 0 && i < b->count; ++i)
		if (b->list[i].due < b->list[first].due)
			first = i;
	return first;
}

void
queue_buckets_check(struct queue_buckets *b, int64_t horizon)
{
	for (size_t i = b->count; i-- > 0 && (b->apart > 0 || b->list[i].due > horizon);)
		if (b->list[i].due > horizon)
			set_due(b, &b->list[i], 0);
}

int64_t
queue_buckets_next(const struct queue_buckets *b)
{
	return b->count == 0 ? INT64_MAX : b->list[next(b)].due;
}

int64_t
queue_buckets_take(struct queue_buckets *b)
{
	size_t i = next(b);
	int64_t time = b->list[i].time;

	--b->count;
	b->apart -= is_apart(&b->list[i]);
	memmove(b->list + i, b->list + i + 1, (b->count - i) * sizeof *b->list);
	b->open = time;
	b->open_again = 0;
	return time;
}

void
queue_buckets_end(struct queue_buckets *b, int removed)
{
	if (!removed && b->open_again) {
		insert(b, b->open);
		set_due(b, &b->list[find(b, b->open)], 0);
	}
	b->open = b->open_again = 0;
}

/*
 * Buckets of a second for what is due soon, of a minute for what has time, and longer
 * ones for what waits for days.
 */
static int64_t
grain(int64_t wait)
{
	int64_t g = wait < 60 ? 1 : wait < 600 ? 8 : 64;

	while (g < GRAIN_MAX && g * GRAINS_MAX < wait)
		g *= 2;
	return g;
}

/* A bucket that has to be emptied now would bring its new messages back at once. */
static int
is_unfit(const struct queue_buckets *b, int64_t time)
{
	size_t i = find(b, time);

	return time == b->open ||
	       (i < b->count && b->list[i].time == time && is_apart(&b->list[i]));
}

int64_t
queue_buckets_make(struct queue_buckets *b, int64_t now, int64_t wait)
{
	int64_t g = grain(wait), time = (now + wait + g - 1) / g * g;
	char path[QUEUE_PATH_MAX];

	while (is_unfit(b, time))
		++time;
	queue_folder_path(path, time);
	if (mkdir(path, 0700) == 0) {
		if (durable_sync_directory(AT_FDCWD, "queue/later") == -1)
			return -1;
	} else if (errno != EEXIST)
		return -1;
	if (!has(b, time))
		insert(b, time);
	return time;
}
