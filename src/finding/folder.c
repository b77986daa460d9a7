#include <errno.h>

#include <errmsg.h>

#include "finding/folder.h"
#include "lib/queueid.h"
#include "queue/place.h"

/* Complain, and leave errno as it is. */
static int
fail(int64_t place)
{
	char path[PLACE_PATH_MAX];
	int saved = errno;

	place_folder_path(path, place);
	carpsys("unable to read ", path);
	errno = saved;
	return -1;
}

int
folder_open(struct folder *f, struct foreign *foreign, int64_t place)
{
	char path[PLACE_PATH_MAX];

	place_folder_path(path, place);
	f->place = place;
	f->dir = opendir(path);
	if (f->dir != NULL)
		return 1;
	if (errno == ENOENT)
		return 0;
	if (errno != ENOTDIR || place <= 0)
		return fail(place);
	foreign_meet(foreign, "queue/later", path + sizeof "queue/later", "not a folder");
	return 0;
}

int
folder_next(struct folder *f, struct foreign *foreign, const char **id)
{
	const struct dirent *entry;
	int r;

	errno = 0;
	entry = readdir(f->dir);
	*id = NULL;
	if (entry == NULL) {
		/* one cut short by an error has names left that nobody has seen */
		r = errno != 0 ? fail(f->place) : 0;
		closedir(f->dir);
		f->dir = NULL;
		return r;
	}
	if (queueid_is(entry->d_name))
		*id = entry->d_name;
	else
		foreign_condemn_name(foreign, entry->d_name, f->place);
	return 1;
}
