#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "lib/queueid.h"
#include "queue/place.h"
#include "queue/twin.h"

static void
remove_at(const char *path, const struct stat *st, int64_t place, const char *id)
{
	char other[PLACE_PATH_MAX];
	struct stat now;

	place_path(other, place, id);
	if (strcmp(other, path) != 0 && lstat(other, &now) == 0 &&
	    now.st_dev == st->st_dev && now.st_ino == st->st_ino)
		unlink(other);
}

void
twin_remove(const char *path, const struct stat *st)
{
	static const int64_t places[] = {
	    PLACE_NEW, PLACE_PAUSED, PLACE_HOLD, PLACE_JOURNAL};
	const char *id = strrchr(path, '/');
	const struct dirent *bucket;
	DIR *later;

	if (id == NULL || !queueid_is(++id))
		return;
	for (size_t i = 0; i < sizeof places / sizeof *places; ++i)
		remove_at(path, st, places[i], id);
	later = opendir("queue/later");
	if (later == NULL)
		return;
	while ((bucket = readdir(later)) != NULL)
		if (place_bucket_time(bucket->d_name) > 0)
			remove_at(path, st, place_bucket_time(bucket->d_name), id);
	closedir(later);
}
