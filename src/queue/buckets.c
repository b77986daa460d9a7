#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/durable.h"
#include "lib/heap.h"
#include "lib/text.h"
#include "queue/buckets.h"
#include "queue/place.h"

#define GRAINS_MAX 256 /* in one wait, as far as the next one allows */
#define GRAIN_MAX 512  /* seconds; less than what queue-run forgives the clock */

static int
is_apart(const struct buckets_bucket *bucket)
{
	return bucket->due != bucket->time;
}

/* The first whose time is not before the given one. */
static size_t
find(const struct buckets *b, int64_t time)
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
has(const struct buckets *b, int64_t time)
{
	size_t i = find(b, time);

	return i < b->count && b->list[i].time == time;
}

static void
insert(struct buckets *b, int64_t time)
{
	size_t i = find(b, time);

	b->list = heap_grow(b->list, b->count, sizeof *b->list);
	memmove(b->list + i + 1, b->list + i, (b->count - i) * sizeof *b->list);
	b->list[i] = (struct buckets_bucket){time, time};
	++b->count;
}

/* Those that were known come first: what they know is kept. */
static int
by_time(const void *a, const void *b)
{
	const struct buckets_bucket *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return is_apart(y) - is_apart(x);
}

/* Sorted at once: one by one, a hundred thousand would take their time. */
static void
sort(struct buckets *b)
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
take_name(struct buckets *b, const char *name)
{
	int64_t time = place_bucket_time(name);

	if (time == 0) {
		if (name[0] != '.')
			foreign_meet(
			    &b->foreign, "queue/later", name, "not the name of a bucket");
	} else if (time == b->open)
		b->open_again = 1;
	else {
		b->list = heap_grow(b->list, b->count, sizeof *b->list);
		b->list[b->count++] = (struct buckets_bucket){time, time};
	}
}

int
buckets_scan(struct buckets *b)
{
	DIR *dir = opendir("queue/later");
	struct dirent *entry;
	int saved;

	if (dir == NULL)
		return -1;
	while (errno = 0, (entry = readdir(dir)) != NULL)
		take_name(b, entry->d_name);
	saved = errno;
	closedir(dir);
	sort(b);
	errno = saved;
	return saved ? -1 : 0;
}

static void
set_due(struct buckets *b, struct buckets_bucket *bucket, int64_t due)
{
	b->apart -= is_apart(bucket);
	bucket->due = due;
	b->apart += is_apart(bucket);
}

void
buckets_hurry(struct buckets *b)
{
	for (size_t i = 0; i < b->count; ++i)
		set_due(b, &b->list[i], 0);
}

void
buckets_shift(struct buckets *b, int64_t by)
{
	for (size_t i = 0; i < b->count; ++i)
		if (b->list[i].due > 0)
			set_due(b, &b->list[i], b->list[i].due + by);
}

static size_t
next(const struct buckets *b)
{
	size_t first = 0;

	for (size_t i = 0; b->apart > 0 && i < b->count; ++i)
		if (b->list[i].due < b->list[first].due)
			first = i;
	return first;
}

void
buckets_check(struct buckets *b, int64_t horizon)
{
	for (size_t i = b->count; i-- > 0 && (b->apart > 0 || b->list[i].due > horizon);)
		if (b->list[i].due > horizon)
			set_due(b, &b->list[i], 0);
}

int64_t
buckets_next(const struct buckets *b)
{
	return b->count == 0 ? INT64_MAX : b->list[next(b)].due;
}

int64_t
buckets_take(struct buckets *b)
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
buckets_end(struct buckets *b, int removed)
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
is_unfit(const struct buckets *b, int64_t time)
{
	size_t i = find(b, time);

	return time == b->open ||
	       (i < b->count && b->list[i].time == time && is_apart(&b->list[i]));
}

int64_t
buckets_make(struct buckets *b, int64_t now, int64_t wait)
{
	int64_t g = grain(wait), time = (now + wait + g - 1) / g * g;
	char path[PLACE_PATH_MAX];

	while (is_unfit(b, time))
		++time;
	place_folder_path(path, time);
	if (mkdir(path, 0700) == 0) {
		if (durable_sync_directory(AT_FDCWD, "queue/later") == -1)
			return -1;
	} else if (errno != EEXIST)
		return -1;
	if (!has(b, time))
		insert(b, time);
	return time;
}
