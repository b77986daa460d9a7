#include "queue/edit_folders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include <errmsg.h>

#include "lib/durable.h"
#include "lib/verdict.h"
#include "queue/queue_place.h"

/* A walk goes from place to place, so the latest ones are the likely ones. */
void
edit_folders_put(struct edit_folders *f, int64_t place)
{
	for (size_t i = f->count; i-- > 0;)
		if (f->places[i] == place)
			return;
	if (f->count == f->room) {
		f->room = f->room ? 2 * f->room : 64;
		f->places = realloc(f->places, f->room * sizeof *f->places);
		if (!f->places)
			die(DEFER, "out of memory");
	}
	f->places[f->count++] = place;
}

/* A bucket that queue-run has removed meanwhile holds nothing any more. */
int
edit_folders_sync(const struct edit_folders *f)
{
	char path[QUEUE_PATH_MAX];
	int result = 0;

	for (size_t i = 0; i < f->count; ++i) {
		queue_folder_path(path, f->places[i]);
		if (durable_sync_directory(AT_FDCWD, path) == 0 || errno == ENOENT)
			continue;
		carpsys("unable to sync ", path);
		result = -1;
	}
	return result;
}
