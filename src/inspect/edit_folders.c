#include <errno.h>
#include <fcntl.h>

#include <errmsg.h>

#include "inspect/edit_folders.h"
#include "lib/durable.h"
#include "lib/heap.h"
#include "queue/place.h"

/* A walk goes from place to place, so the latest ones are the likely ones. */
void
edit_folders_put(struct edit_folders *f, int64_t place)
{
	for (size_t i = f->count; i-- > 0;)
		if (f->places[i] == place)
			return;
	f->places = heap_grow(f->places, f->count, sizeof *f->places);
	f->places[f->count++] = place;
}

/* A bucket that queue-run has removed meanwhile holds nothing any more. */
int
edit_folders_sync(const struct edit_folders *f)
{
	char path[PLACE_PATH_MAX];
	int result = 0;

	for (size_t i = 0; i < f->count; ++i) {
		place_folder_path(path, f->places[i]);
		if (durable_sync_directory(AT_FDCWD, path) == 0 || errno == ENOENT)
			continue;
		carpsys("unable to sync ", path);
		result = -1;
	}
	return result;
}
