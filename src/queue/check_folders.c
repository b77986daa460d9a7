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
#include "queue/queue_parts.h"
#include "queue/queue_place.h"
#include "queue/queue_tell.h"

static void
make(struct check *c, const struct queue_part *part)
{
	int is_root = geteuid() == 0;

	if (queue_part_make(part, is_root ? c->owner : (uid_t)-1,
		is_root ? c->group : (gid_t)-1) == -1)
		check_failed(c, "make", part->path);
	else
		check_repaired(c, NULL, part->path, "made");
}

/* It is kept, for it may be a folder full of messages. */
static void
replace(struct check *c, const struct queue_part *part)
{
	check_found(
	    c, NULL, part->path, part->type == S_IFDIR ? "not a folder" : "not a FIFO");
	if (!c->repair)
		return;
	if (queue_part_set_aside(part) == -1)
		check_failed(c, "set aside", part->path);
	else
		make(c, part);
}

/* Who is not the owner may have been given more rights by an admin's mistake. */
static void
look_at_rights(struct check *c, const struct queue_part *part, const struct stat *st)
{
	gid_t group = c->doubt ? st->st_gid : c->group;

	if ((st->st_mode & 07777) == part->mode && st->st_uid == c->owner &&
	    st->st_gid == group)
		return;
	check_found(c, NULL, part->path,
	    "not the mode, the owner or the group that it should have");
	if (!c->repair)
		return;
	if (((st->st_uid != c->owner || st->st_gid != group) &&
		chown(part->path, c->owner, group) == -1) ||
	    chmod(part->path, part->mode) == -1)
		check_failed(c, "change", part->path);
	else
		check_repaired(c, NULL, part->path, "its mode, owner and group are set");
}

static void
look_at(struct check *c, const struct queue_part *part)
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

static void
find_owner(struct check *c)
{
	unsigned owners[QUEUE_PARTS + 1], groups[QUEUE_PARTS + 1], most;
	size_t n = 0;
	struct stat st;

	for (size_t i = 0; i <= QUEUE_PARTS; ++i)
		if (lstat(i < QUEUE_PARTS ? queue_part(i)->path : "queue", &st) == 0) {
			owners[n] = c->owner = st.st_uid;
			groups[n++] = c->group = st.st_gid;
		}
	if (find_most(owners, n, &most))
		c->owner = most;
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
	for (size_t i = 0; i < QUEUE_PARTS; ++i)
		look_at(c, queue_part(i));
	if (stat("queue/new", &st) == -1 || st.st_gid != c->group)
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
	const char *id = queueid_is(name) ? name : NULL;
	char to[QUEUE_PATH_MAX];
	int r;

	queue_path(to, QUEUE_NEW, name);
	r = id ? queue_rename_new(path, to) : queue_rename_bad(path, name, to);
	if (r == -1)
		check_failed(c, "move away", path);
	else {
		check_repaired(c, id, to, "moved there");
		if (id)
			queue_tell(id);
	}
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
