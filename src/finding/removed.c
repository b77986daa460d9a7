#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <errmsg.h>

#include "finding/removed.h"
#include "lib/durable.h"
#include "lib/file_system.h"
#include "lib/spawn_child.h"
#include "lib/sync_files.h"
#include "queue/place.h"

#define PAUSE 1000     /* milliseconds from one sync to the next, */
#define PAUSE_SHORT 50 /* when many are held, or some were moved */

/* Of the queue, which is in one file system. */
static int
lacks_journal(struct removed *r)
{
	int fd;

	if (r->journal == 0) {
		fd = open("queue", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd == -1)
			return 0;
		r->journal = file_system_lacks_journal(fd) ? -1 : 1;
		close(fd);
	}
	return r->journal == -1;
}

void
removed_hold(struct removed *r, int fd)
{
	int own;

	if (!lacks_journal(r) || r->holding == REMOVED_HELD)
		return;
	own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (own != -1)
		r->held[r->holding++] = own;
}

void
removed_move(struct removed *r)
{
	r->moved |= lacks_journal(r);
}

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

/* What was moved, and not only the names: the inodes, too, say then what is gone. */
static int
sync_queue(void)
{
	int fd = open("queue", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd != -1 && sync_files_whole(fd) == 0)
		return 0;
	carpsys("unable to sync the queue");
	return -1;
}

/*
 * The child.  It may outlive us in a sync of a bad disk, so it keeps nothing of ours: not
 * the queue's lock, no connection, no lock of a message.
 */
static void
serve(struct removed *r, int answer)
{
	int done;

	if (dup2(answer, 0) == -1 || syscall(SYS_close_range, 3u, ~0u, 0u) == -1)
		_exit(1);
	done = r->journal == -1 ? sync_queue() : sync_folders(r->files, r->syncing);
	_exit(done == -1 || durable_write(0, "1", 1) == -1);
}

static void
release(struct removed *r)
{
	for (size_t i = 0; i < r->releasing; ++i)
		close(r->held[i]);
	r->holding -= r->releasing;
	memmove(r->held, r->held + r->releasing, r->holding * sizeof *r->held);
	r->releasing = 0;
}

void
removed_begin(struct removed *r, const struct supply *s, int64_t now_ms)
{
	int ends[2];

	if (removed_until(r, s) > now_ms)
		return;
	r->next = now_ms + PAUSE;
	if (spawn_child_pipe(ends) == 0) {
		/* without a service they wait until somebody hears of it */
		r->syncing = s->fd == -1 ? 0 : r->count;
		r->releasing = r->holding;
		r->moved = 0;
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
	r->releasing = 0;
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
	release(r);
}

int
removed_waits(const struct removed *r, const struct supply *s)
{
	return (r->count > 0 && s->fd != -1) || r->holding > 0 || r->moved;
}

int64_t
removed_until(const struct removed *r, const struct supply *s)
{
	if (!removed_waits(r, s) || r->child != 0)
		return INT64_MAX;
	return r->holding < REMOVED_HELD / 2 && !r->moved ? r->next
							  : r->next - PAUSE + PAUSE_SHORT;
}
