#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <errmsg.h>

#include "finding/removed.h"
#include "lib/durable.h"
#include "lib/spawn_child.h"
#include "queue/place.h"

#define PAUSE 1000 /* milliseconds from one sync to the next */

void
removed_put(struct removed *r, const char *id, int64_t place)
{
	struct removed_file *f = &r->files[r->count];

	if (r->count == REMOVED_MAX)
		return;
	f->place = place;
	memcpy(f->id, id, sizeof f->id);
	++r->count;
}

/*
 * Returns 0; -1 after a warning.  That a bucket has gone stands in the folder above it.
 */
static int
sync_folder(int64_t place, int *has_gone)
{
	char path[PLACE_PATH_MAX];

	place_folder_path(path, place);
	if (durable_sync_directory(AT_FDCWD, path) == 0)
		return 0;
	if (place > 0 && errno == ENOENT) {
		*has_gone = 1;
		return 0;
	}
	carpsys("unable to sync ", path);
	return -1;
}

static int
compare_places(const void *a, const void *b)
{
	int64_t x = ((const struct removed_file *)a)->place;
	int64_t y = ((const struct removed_file *)b)->place;

	return (x > y) - (x < y);
}

/* Each folder once. */
static int
sync_folders(struct removed_file *files, size_t n)
{
	int has_gone = 0;

	qsort(files, n, sizeof *files, compare_places);
	for (size_t i = 0; i < n; ++i)
		if ((i == 0 || files[i].place != files[i - 1].place) &&
		    sync_folder(files[i].place, &has_gone) == -1)
			return -1;
	if (!has_gone || durable_sync_directory(AT_FDCWD, "queue/later") == 0)
		return 0;
	carpsys("unable to sync queue/later");
	return -1;
}

/*
 * The child.  It may outlive us in a sync of a bad disk, so it keeps nothing of ours: not
 * the queue's lock, no connection, no lock of a message.
 */
static void
serve(struct removed *r, int answer)
{
	if (dup2(answer, 0) == -1 || syscall(SYS_close_range, 3u, ~0u, 0u) == -1)
		_exit(1);
	_exit(sync_folders(r->files, r->syncing) == -1 || durable_write(0, "1", 1) == -1);
}

void
removed_begin(struct removed *r, const struct supply *s, int64_t now_ms)
{
	int ends[2];

	if (removed_until(r, s) > now_ms)
		return;
	r->next = now_ms + PAUSE;
	if (spawn_child_pipe(ends) == 0) {
		r->syncing = r->count;
		r->child = fork();
		if (r->child == 0)
			serve(r, ends[1]);
		close(ends[1]);
		r->fd = ends[0];
		if (r->child != -1)
			return;
		close(r->fd);
	}
	/* the next try is a second away */
	carpsys("unable to start a child");
	r->child = 0;
	r->syncing = 0;
}

void
removed_end(struct removed *r, struct supply *s, int64_t now_ms)
{
	char answer;
	ssize_t got;

	do
		got = read(r->fd, &answer, 1);
	while (got == -1 && errno == EINTR);
	close(r->fd);
	spawn_child_wait(r->child);
	r->child = 0;
	for (size_t i = 0; i < r->syncing && got == 1; ++i)
		supply_settle(s, r->files[i].id, now_ms);
	r->count -= r->syncing;
	memmove(r->files, r->files + r->syncing, r->count * sizeof *r->files);
	r->syncing = 0;
}

int
removed_waits(const struct removed *r, const struct supply *s)
{
	return r->count > 0 && s->fd != -1;
}

int64_t
removed_until(const struct removed *r, const struct supply *s)
{
	return removed_waits(r, s) && r->child == 0 ? r->next : INT64_MAX;
}
