#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <stralloc.h>

#include "inspect/check.h"
#include "inspect/check_folders.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "queue/buckets.h"
#include "queue/parts.h"
#include "queue/place.h"
#include "queue/trigger.h"

static void
make(struct check *c, const struct parts_part *part)
{
	if (parts_make(part, c->group) == -1)
		check_failed(c, "make", part->path);
	else
		check_repaired(c, NULL, part->path, "made");
}

/* It is kept, for it may be a folder full of messages. */
static void
replace(struct check *c, const struct parts_part *part)
{
	check_found(
	    c, NULL, part->path, part->type == S_IFDIR ? "not a folder" : "not a FIFO");
	if (!c->repair)
		return;
	if (parts_set_aside(part) == -1)
		check_failed(c, "set aside", part->path);
	else
		make(c, part);
}

/* Who is not the owner may have been given more rights by an admin's mistake. */
static void
look_at_rights(struct check *c, const struct parts_part *part, const struct stat *st)
{
	gid_t group = c->doubt ? st->st_gid : c->group;

	if ((st->st_mode & 07777) == part->mode && st->st_uid == c->owner &&
	    st->st_gid == group)
		return;
	check_found(c, NULL, part->path,
	    st->st_uid != c->owner
		? "it belongs to another user than queue: give it back by chown(8)"
		: "not the mode or the group that it should have");
	if (!c->repair || st->st_uid != c->owner)
		return;
	if ((st->st_gid != group && chown(part->path, -1, group) == -1) ||
	    chmod(part->path, part->mode) == -1)
		check_failed(c, "change", part->path);
	else
		check_repaired(c, NULL, part->path, "its mode and group are set");
}

static void
look_at(struct check *c, const struct parts_part *part)
{
	struct stat st;

	if (lstat(part->path, &st) == -1) {
		if (errno != ENOENT) {
			check_failed(c, "look at", part->path);
			return;
		}
		check_found(c, NULL, part->path, "missing");
		if (c->repair)
			make(c, part);
	} else if ((st.st_mode & S_IFMT) != part->type)
		replace(c, part);
	else
		look_at_rights(c, part, &st);
}

/* The one that most of them are; returns 0 when there is none. */
static int
find_most(const unsigned *ids, size_t count, unsigned *most)
{
	for (size_t i = 0; i < count; ++i) {
		size_t same = 0;

		for (size_t k = 0; k < count; ++k)
			same += ids[k] == ids[i];
		*most = ids[i];
		if (2 * same > count)
			return 1;
	}
	return 0;
}

/* The owner is who can do anything here; the group is what most of the parts have. */
static void
find_owner(struct check *c)
{
	unsigned groups[PARTS_COUNT + 1], most;
	size_t n = 0;
	struct stat st;

	for (size_t i = 0; i <= PARTS_COUNT; ++i)
		if (lstat(i < PARTS_COUNT ? parts_part(i)->path : "queue", &st) == 0) {
			c->owner = st.st_uid; /* at last of queue itself */
			groups[n++] = c->group = st.st_gid;
		}
	if (find_most(groups, n, &most))
		c->group = most;
	else {
		c->doubt = 1;
		check_found(c, NULL, "queue", "no group is that of most of its parts");
	}
}

void
check_folders(struct check *c)
{
	struct stat st;

	find_owner(c);
	for (size_t i = 0; i < PARTS_COUNT; ++i)
		look_at(c, parts_part(i));
	if (lstat("queue/new", &st) == -1 || st.st_gid != c->group)
		c->doubt = 1;
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

		while (dir != NULL && names < 3 && readdir(dir) != NULL)
			++names;
		if (dir != NULL)
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
	const char *id = queueid_is(name) ? name : NULL;
	char to[PLACE_PATH_MAX];
	int r;

	place_path(to, PLACE_NEW, name);
	r = id != NULL ? place_rename_new(path, to) : place_rename_bad(path, name, to);
	if (r == -1)
		check_failed(c, "move away", path);
	else {
		check_repaired(c, id, to, "moved there");
		if (id != NULL)
			trigger_pull(id);
	}
}

static void
look_at_name(struct check *c, const char *name)
{
	stralloc path = {0};
	struct stat st;

	text_cat(&path, "queue/later/", name, (char *)NULL);
	text_terminate(&path);
	if (lstat(path.s, &st) == -1) {
		if (errno != ENOENT)
			check_failed(c, "look at", path.s);
	} else if (place_bucket_time(name) != 0 && S_ISDIR(st.st_mode)) {
		look_at_bucket(c, path.s, &st);
	} else {
		check_found(c, NULL, path.s, "not a bucket");
		if (c->repair)
			move_away(c, path.s, name);
	}
	stralloc_free(&path);
}

void
check_folders_buckets(struct check *c)
{
	DIR *dir = opendir("queue/later");
	struct dirent *entry;

	if (dir == NULL) {
		check_failed(c, "read", "queue/later");
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			look_at_name(c, entry->d_name);
	closedir(dir);
}
