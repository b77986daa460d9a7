#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/durable.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "queue/place.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

#define TWINS_MAX 1000 /* files of one name in queue/bad */

static const char *const names[] = {"new", "paused", "hold", "bad", "journal"};

const char *
place_name(int64_t place)
{
	return place > 0 ? "later" : names[-place];
}

int64_t
place_bucket_time(const char *name)
{
	unsigned long long time;

	if (*name == '0' || !text_number(name, strlen(name), INT64_MAX / 2, &time))
		return 0;
	return time;
}

void
place_folder_path(char path[PLACE_PATH_MAX], int64_t place)
{
	char *end = stpcpy(stpcpy(path, "queue/"), place_name(place));

	if (place > 0)
		text_decimal(stpcpy(end, "/"), place);
}

/* name is a message ID, or what readdir(3) gave: at most 255 bytes. */
void
place_path(char path[PLACE_PATH_MAX], int64_t place, const char *name)
{
	place_folder_path(path, place);
	strcpy(stpcpy(path + strlen(path), "/"), name);
}

int64_t
place_path_time(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

	return queueid_is(name) ? queueid_time(name) / 1000000 : 0;
}

/* Where the kernel or the file system has no such rename, a look before has to do. */
int
place_rename_new(const char *from, const char *to)
{
	long r = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);

	if (r == 0 || (errno != EINVAL && errno != ENOSYS))
		return r == 0 ? 0 : -1;
	if (faccessat(AT_FDCWD, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return rename(from, to);
}

/* Nobody's promise: a bucket that stays is only an empty folder. */
static void
leave_bucket(int64_t place)
{
	char path[PLACE_PATH_MAX];

	if (place <= 0)
		return;
	place_folder_path(path, place);
	rmdir(path);
}

int
place_rename(const char *id, int64_t from, int64_t to)
{
	char old[PLACE_PATH_MAX], new[PLACE_PATH_MAX];

	place_path(old, from, id);
	place_path(new, to, id);
	return place_rename_new(old, new);
}

int
place_move(const char *id, int64_t from, int64_t to)
{
	if (place_rename(id, from, to) == -1)
		return -1;
	leave_bucket(from);
	return 0;
}

int
place_remove(const char *id, int64_t from)
{
	char path[PLACE_PATH_MAX];

	place_path(path, from, id);
	if (unlink(path) == -1 && errno != ENOENT)
		return -1;
	leave_bucket(from);
	return 0;
}

int
place_rename_bad(const char *old, const char *name, char bad[PLACE_PATH_MAX])
{
	char *end;

	place_path(bad, PLACE_BAD, name);
	end = bad + strlen(bad);
	for (int i = 1; place_rename_new(old, bad) == -1; ++i) {
		if (errno != EEXIST || i > TWINS_MAX)
			return -1;
		text_decimal(stpcpy(end, "."), i);
	}
	return 0;
}

int
place_condemn(const char *name, int64_t from, const char *why)
{
	char old[PLACE_PATH_MAX], bad[PLACE_PATH_MAX];

	place_path(old, from, name);
	if (place_rename_bad(old, name, bad) == -1)
		return -1;
	leave_bucket(from);
	log_event(
	    queueid_is(name) ? name : NULL, "bad", "file", bad, "why", why, (char *)NULL);
	return 0;
}
