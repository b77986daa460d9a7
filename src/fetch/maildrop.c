#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "fetch/maildrop.h"
#include "fetch/message_name.h"
#include "lib/heap.h"
#include "lib/lock_file.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define REFRESH_MAX                                                                      \
	20 /* in a session: a reader that plays with flags costs us no more              \
	    */

const char *
maildrop_name(const struct maildrop *drop, const struct maildrop_message *message)
{
	return drop->names.s + message->name;
}

static void
add(struct maildrop *drop, const char *name, int in_cur)
{
	struct maildrop_message *message;

	drop->messages = heap_grow(drop->messages, drop->count, sizeof(*drop->messages));
	if (drop->names.len > UINT32_MAX - NAME_MAX - 1)
		die(DEFER, "too many messages");
	message = &drop->messages[drop->count++];
	memset(message, 0, sizeof(*message));
	message->octets = MAILDROP_UNMEASURED;
	message->name = (uint32_t)drop->names.len;
	message->in_cur = in_cur != 0;
	text_catb(&drop->names, name, strlen(name) + 1);
}

static int
is_message(int fd, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_name[0] == '.')
		return 0;
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_REG;
	return fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode);
}

/* Call visit for each message in the folder dir; a missing folder has none.  0, or -1
 * with errno. */
static int
visit_folder(struct maildrop *drop, const char *dir,
    void (*visit)(struct maildrop *, const char *name, int in_cur))
{
	struct dirent *entry;
	DIR *listing;
	int fd, saved;

	fd = openat(drop->fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	listing = fdopendir(fd);
	if (listing == NULL)
		heap_lacks();
	for (errno = 0; (entry = readdir(listing)) != NULL; errno = 0)
		if (is_message(fd, entry))
			visit(drop, entry->d_name, strcmp(dir, "cur") == 0);
	saved = errno;
	closedir(listing);
	errno = saved;
	return saved == 0 ? 0 : -1;
}

static int
in_order(const void *a, const void *b, void *names)
{
	const struct maildrop_message *first = a, *second = b;
	int r;

	r = message_name_compare(
	    (char *)names + first->name, (char *)names + second->name);
	return r != 0 ? r : (int)first->in_cur - (int)second->in_cur;
}

/* A file that was moved to cur/ while we read both was seen twice: keep the latter. */
static void
drop_doubles(struct maildrop *drop)
{
	size_t i, kept = 0;

	for (i = 0; i < drop->count; i++)
		if (i + 1 == drop->count ||
		    message_name_compare(maildrop_name(drop, &drop->messages[i]),
			maildrop_name(drop, &drop->messages[i + 1])) != 0)
			drop->messages[kept++] = drop->messages[i];
	drop->count = kept;
}

/* Names that differ only behind our own short UIDL stand together. */
static void
find_twins(struct maildrop *drop)
{
	char last[MESSAGE_UID_MAX + 1] = "", uid[MESSAGE_UID_MAX + 1];
	size_t i;

	for (i = 0; i < drop->count; i++) {
		message_name_uid(uid, maildrop_name(drop, &drop->messages[i]), 0);
		drop->messages[i].twin = strcmp(uid, last) == 0;
		strcpy(last, uid);
	}
}

int
maildrop_open(struct maildrop *drop, const char *path)
{
	drop->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (drop->fd == -1)
		return errno == ENOENT ? 0 : -1;
	drop->lock = lock_file_await(drop->fd, LOCK_FILE_MAILDIR, MAILDROP_LOCK_MS);
	if (drop->lock == -1 || visit_folder(drop, "new", add) == -1 ||
	    visit_folder(drop, "cur", add) == -1)
		return -1;
	if (drop->count > 0)
		qsort_r(drop->messages, drop->count, sizeof(*drop->messages), in_order,
		    drop->names.s);
	drop_doubles(drop);
	find_twins(drop);
	return 0;
}

void
maildrop_unlock(struct maildrop *drop)
{
	if (drop->fd != -1)
		lock_file_leave(drop->fd, drop->lock);
}

/* What is called name in cur/ now may be one that we know by another name. */
static void
renew(struct maildrop *drop, const char *name, int in_cur)
{
	size_t low = 0, high = drop->count, middle;
	int r = 1;

	while (r != 0 && low < high) {
		middle = low + (high - low) / 2;
		r = message_name_compare(
		    name, maildrop_name(drop, &drop->messages[middle]));
		if (r > 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (r != 0 ||
	    (drop->messages[middle].in_cur &&
		strcmp(name, maildrop_name(drop, &drop->messages[middle])) == 0))
		return;
	drop->messages[middle].in_cur = in_cur != 0;
	drop->messages[middle].name = (uint32_t)drop->names.len;
	text_catb(&drop->names, name, strlen(name) + 1);
}

int
maildrop_find_again(struct maildrop *drop, struct maildrop_message *message)
{
	uint32_t name = message->name;

	if (drop->refreshed++ < REFRESH_MAX)
		visit_folder(drop, "cur", renew);
	if (message->name != name)
		return 1;
	message->gone = 1;
	errno = ENOENT;
	return 0;
}
