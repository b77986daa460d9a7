#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <errmsg.h>

#include "queue/buckets.h"
#include "queue/place.h"
#include "queue/walk.h"

#define SEARCHES 5 /* for a message that is moved while it is looked for */

static const int64_t after_later[] = {PLACE_PAUSED, PLACE_HOLD, PLACE_BAD};

/* A bucket may have been emptied meanwhile; of the others only new must be there. */
int
walk_place(int64_t place, walk_visit *visit, void *context)
{
	char path[PLACE_PATH_MAX];
	struct dirent *entry;
	DIR *dir;
	int r;

	place_folder_path(path, place);
	dir = opendir(path);
	if (dir == NULL && errno == ENOENT && place != PLACE_NEW)
		return 0;
	if (dir == NULL) {
		carpsys("unable to read ", path);
		return -1;
	}
	while (errno = 0, (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			visit(context, place, entry->d_name);
	r = errno == 0 ? 0 : -1;
	if (r == -1)
		carpsys("unable to read all of ", path);
	closedir(dir);
	return r;
}

static int
scan_buckets(struct buckets *b)
{
	if (buckets_scan(b) == 0)
		return 0;
	carpsys("unable to read queue/later");
	return -1;
}

/* All buckets are the same place but for their times: the first one speaks for all. */
static int
walk_buckets(walk_visit *visit, void *context)
{
	struct buckets b = {0};
	int result = scan_buckets(&b);

	for (size_t i = 0; i < b.count; ++i)
		if (walk_place(b.list[i].time, visit, context) == -1)
			result = -1;
	free(b.list);
	return result;
}

int
walk_some(walk_wants *wants, const void *asked, walk_visit *visit, void *context)
{
	int result = 0;

	if (wants(asked, PLACE_NEW) && walk_place(PLACE_NEW, visit, context) == -1)
		result = -1;
	if (wants(asked, 1) && walk_buckets(visit, context) == -1)
		result = -1;
	for (size_t i = 0; i < sizeof after_later / sizeof *after_later; ++i)
		if (wants(asked, after_later[i]) &&
		    walk_place(after_later[i], visit, context) == -1)
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
walk(walk_visit *visit, void *context)
{
	return walk_some(wants_all, NULL, visit, context);
}

/* As walk_to; 0 also when it has gone since it was seen. */
static int
visit_at(int64_t place, const char *id, walk_visit *visit, void *context)
{
	char path[PLACE_PATH_MAX];

	place_path(path, place, id);
	if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return visit(context, place, id);
	if (errno == ENOENT)
		return 0;
	carpsys("unable to look at ", path);
	return -1;
}

static int
search(const char *id, walk_visit *visit, void *context)
{
	struct buckets b = {0};
	int r = visit_at(PLACE_NEW, id, visit, context);

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
walk_to(const char *id, walk_visit *visit, void *context)
{
	int r = 0;

	for (int i = 0; r == 0 && i < SEARCHES; ++i)
		r = search(id, visit, context);
	return r;
}
