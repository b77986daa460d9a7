#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <stralloc.h>

#include "lib/queueid.h"
#include "lib/text.h"
#include "queue/check.h"
#include "queue/queue_buckets.h"
#include "queue/queue_place.h"

/* As mail-setup makes them. */
static const struct {
	const char *path;
	mode_t type, mode;
} parts[] = {
    {"queue/new", S_IFDIR, 03730},
    {"queue/later", S_IFDIR, 0700},
    {"queue/hold", S_IFDIR, 0700},
    {"queue/paused", S_IFDIR, 0700},
    {"queue/bad", S_IFDIR, 0700},
    {"queue/trigger", S_IFIFO, 0620},
};

static void
make(struct check *c, const char *path, mode_t type, mode_t mode)
{
	int r = type == S_IFDIR ? mkdir(path, 0700) : mkfifo(path, 0600);

	if (r == -1 || (geteuid() == 0 && chown(path, c->owner, c->group) == -1) ||
	    chmod(path, mode) == -1)
		check_failed(c, "make", path);
	else
		check_repaired(c, NULL, path, "made");
}

/* Who is not the owner may have been given more rights by an admin's mistake. */
static void
look_at(struct check *c, const char *path, mode_t type, mode_t mode)
{
	struct stat st;

	if (lstat(path, &st) == -1) {
		if (errno != ENOENT) {
			check_failed(c, "look at", path);
			return;
		}
		check_found(c, NULL, path, "missing");
		if (c->repair)
			make(c, path, type, mode);
		return;
	}
	if ((st.st_mode & S_IFMT) != type) {
		check_found(
		    c, NULL, path, type == S_IFDIR ? "not a folder" : "not a FIFO");
		return;
	}
	if ((st.st_mode & 07777) == mode && st.st_uid == c->owner)
		return;
	check_found(c, NULL, path, "not the mode or the owner that it should have");
	if (!c->repair)
		return;
	if ((st.st_uid != c->owner && chown(path, c->owner, c->group) == -1) ||
	    chmod(path, mode) == -1)
		check_failed(c, "change", path);
	else
		check_repaired(c, NULL, path, "its mode and owner are set");
}

void
check_folders(struct check *c)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i)
		look_at(c, parts[i].path, parts[i].type, parts[i].mode);
}

/* It has been empty for long: whoever made it has forgotten it. */
static void
look_at_bucket(struct check *c, const char *path, const struct stat *st)
{
	if (st->st_nlink > 2 || time(NULL) - st->st_mtime < CHECK_OLD)
		return;
	if (!c->repair) {
		DIR *dir = opendir(path);
		size_t names = 0;

		while (dir && names < 3 && readdir(dir))
			++names;
		if (dir)
			closedir(dir);
		if (names == 2)
			check_found(c, NULL, path, "empty for an hour");
	} else if (rmdir(path) == 0) {
		check_found(c, NULL, path, "empty for an hour");
		check_repaired(c, NULL, path, "removed");
	}
}

/* A message that stands beside the buckets will be looked at when it is in one. */
static void
move_away(struct check *c, const char *path, const char *name)
{
	stralloc to = {0};
	const char *folder = queueid_is(name) ? "queue/new/" : "queue/bad/";

	text_cat(&to, folder, name, (char *)0);
	text_terminate(&to);
	if (queue_rename_new(path, to.s) == -1)
		check_failed(c, "move away", path);
	else
		check_repaired(c, queueid_is(name) ? name : NULL, to.s, "moved there");
	stralloc_free(&to);
}

static void
look_at_name(struct check *c, const char *name)
{
	stralloc path = {0};
	struct stat st;

	text_cat(&path, "queue/later/", name, (char *)0);
	text_terminate(&path);
	if (lstat(path.s, &st) == -1) {
		if (errno != ENOENT)
			check_failed(c, "look at", path.s);
	} else if (queue_bucket_time(name) != 0 && S_ISDIR(st.st_mode)) {
		look_at_bucket(c, path.s, &st);
	} else {
		check_found(c, NULL, path.s, "not a bucket");
		if (c->repair)
			move_away(c, path.s, name);
	}
	stralloc_free(&path);
}

void
check_buckets(struct check *c)
{
	DIR *dir = opendir("queue/later");
	struct dirent *entry;

	if (!dir) {
		check_failed(c, "read", "queue/later");
		return;
	}
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			look_at_name(c, entry->d_name);
	closedir(dir);
}
