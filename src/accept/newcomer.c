#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "accept/newcomer.h"
#include "lib/durable.h"
#include "queue/place.h"

static int
is_in(int64_t place, const char *id)
{
	char path[PLACE_PATH_MAX];

	place_path(path, place, id);
	return access(path, F_OK) == 0;
}

enum newcomer_place
newcomer_find(const char *id)
{
	/* it moves from the one to the other */
	if (is_in(PLACE_JOURNAL, id))
		return NEWCOMER_JOURNAL;
	return is_in(PLACE_NEW, id) ? NEWCOMER_NEW : NEWCOMER_NONE;
}

int
newcomer_sync(const char *id)
{
	char path[PLACE_PATH_MAX], folder[PLACE_PATH_MAX];
	int fd, r;

	place_path(path, PLACE_NEW, id);
	place_folder_path(folder, PLACE_NEW);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	r = fsync(fd);
	close(fd);
	return r == -1 || durable_sync_directory(AT_FDCWD, folder) == -1 ? -1 : 1;
}
