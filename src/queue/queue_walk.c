#include "queue/queue_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <errmsg.h>

#include "queue/queue_buckets.h"
#include "queue/queue_place.h"

#define SEARCHES 5 /* for a message that is moved while it is looked for */

static const int64_t after_later[] = {QUEUE_PAUSED, QUEUE_HOLD, QUEUE_BAD};

/* A bucket may have been emptied meanwhile; of the others only new must be there. */
static int
walk_folder(int64_t place, queue_visit *visit, void *context)
{
	char path[QUEUE_PATH_MAX];
	struct dirent *entry;
	DIR *dir;
	int r;

	queue_folder_path(path, place);
	dir = opendir(path);
	if (!dir && errno == ENOENT && place != QUEUE_NEW)
		return 0;
	if (!dir) {
		carpsys("unable to read ", path);
		return -1;
	}
	while (errno = 0, (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			visit(context, place, entry->d_name);
	r = errno == 0 ? 0 : -1;
	if (r == -1)
		carpsys("unable to read all of ", path);
	closedir(dir);
	return r;
}

static int
scan_buckets(struct queue_buckets *b)
{
	if (queue_buckets_scan(b) == 0)
		return 0;
	carpsys("unable to read queue/later");
	return -1;
}

/* All buckets are the same place but for their times: the first one speaks for all. */
static int
walk_buckets(queue_visit *visit, void *context)
{
	struct queue_buckets b = {0};
	int result = scan_buckets(&b);

	for (size_t i = 0; i < b.count; ++i)
		if (walk_folder(b.list[i].time, visit, context) == -1)
			result = -1;
	free(b.list);
	return result;
}

int
queue_walk_some(
    queue_walk_wants *wants, const void *asked, queue_visit *visit, void *context)
{
	int result = 0;

	if (wants(asked, QUEUE_NEW) && walk_folder(QUEUE_NEW, visit, context) == -1)
		result = -1;
	if (wants(asked, 1) && walk_buckets(visit, context) == -1)
		result = -1;
	for (size_t i = 0; i < sizeof after_later / sizeof *after_later; ++i)
		if (wants(asked, after_later[i]) &&
		    walk_folder(after_later[i], visit, context) == -1)
			result = -1;
	return result;
}

static int
wants_all(const void *asked, int64_t place)
{
	(void)asked;
	(void)place;
	return 1;
}

int
queue_walk(queue_visit *visit, void *context)
{
	return queue_walk_some(wants_all, NULL, visit, context);
}

/* As queue_walk_to; 0 also when it has gone since it was seen. */
static int
visit_at(int64_t place, const char *id, queue_visit *visit, void *context)
{
	char path[QUEUE_PATH_MAX];

	queue_path(path, place, id);
	if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return visit(context, place, id);
	if (errno == ENOENT)
		return 0;
	carpsys("unable to look at ", path);
	return -1;
}

static int
search(const char *id, queue_visit *visit, void *context)
{
	struct queue_buckets b = {0};
	int r = visit_at(QUEUE_NEW, id, visit, context);

	if (r == 0)
		r = scan_buckets(&b);
	for (size_t i = 0; r == 0 && i < b.count; ++i)
		r = visit_at(b.list[i].time, id, visit, context);
	free(b.list);
	for (size_t i = 0; r == 0 && i < sizeof after_later / sizeof *after_later; ++i)
		r = visit_at(after_later[i], id, visit, context);
	return r;
}

int
queue_walk_to(const char *id, queue_visit *visit, void *context)
{
	int r = 0;

	for (int i = 0; r == 0 && i < SEARCHES; ++i)
		r = search(id, visit, context);
	return r;
}
