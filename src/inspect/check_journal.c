#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "inspect/check_journal.h"
#include "lib/lock_file.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "queue/file.h"
#include "queue/ledger.h"
#include "queue/ledger_part.h"
#include "queue/place.h"
#include "queue/walk.h"

#define FOLDER "queue/journal"
#define MODE 0600

/* Keep the service from starting.  Returns -1 when it runs, or that can't be. */
static int
lock(int *folder)
{
	int fd;

	*folder = open(FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*folder == -1)
		return -1;
	fd = lock_file_take(*folder, "lock");
	if (fd == -1)
		close(*folder);
	return fd;
}

static void
unlock(int folder, int fd)
{
	lock_file_leave(folder, fd);
	close(folder);
}

/* Without a file that it can lock, a program does not start. */
static void
look_at_lock(struct check *c, const char *path)
{
	char bad[PLACE_PATH_MAX];
	struct stat st;

	if (lstat(path, &st) == -1 || S_ISREG(st.st_mode))
		return;
	check_found(c, NULL, path, "not a regular file");
	if (!c->repair)
		return;
	if (place_rename_bad(path, "lock", bad) == -1)
		check_failed(c, "move to queue/bad:", path);
	else
		check_repaired(c, NULL, bad, "moved there");
}

/* Two digits, and what follows them. */
static int
is_segment(const char *name, const char *rest)
{
	return isdigit((unsigned char)name[0]) && isdigit((unsigned char)name[1]) &&
	       strcmp(name + 2, rest) == 0;
}

/* Whether it is one is told by who reads it. */
static void
look_at_segment(struct check *c, const char *path, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) ||
	    ((st->st_mode & 07777) == MODE && st->st_uid == c->owner))
		return;
	check_found(c, NULL, path,
	    st->st_uid != c->owner
		? "it belongs to another user than queue: give it back by chown(8)"
		: "not the mode that it should have");
	if (!c->repair || st->st_uid != c->owner)
		return;
	if (chmod(path, MODE) == -1)
		check_failed(c, "change", path);
	else
		check_repaired(c, NULL, path, "its mode is set");
}

/*
 * The service would take it for the message whose record it has.  One that has gone since
 * was on its way.
 */
static void
look_at_file(struct check *c, const char *path, const char *id)
{
	struct file f;
	const char *why;
	int r = file_open(&f, path, FILE_GLANCE, &why), folder, fd;

	if (r == 1)
		file_close(&f);
	if (r == -1 && errno != ENOENT)
		check_failed(c, "read", path);
	if (r != 0)
		return;
	fd = c->repair ? lock(&folder) : -1;
	if (fd != -1) {
		check_condemn(c, id, PLACE_JOURNAL, "no message, though named by an ID");
		unlock(folder, fd);
	} else
		check_found(c, id, path, "no message, though named by an ID");
}

/* What is zeros, or a message that stands elsewhere: its maker is gone. */
static void
look_at_unfinished(struct check *c, const char *path, const char *name)
{
	if (name[0] == 't') {
		check_condemn(c, name, PLACE_JOURNAL, "left unfinished by who is gone");
		return;
	}
	check_found(c, NULL, path, "left unfinished by who is gone");
	if (!c->repair)
		return;
	if (unlink(path) == -1)
		check_failed(c, "remove", path);
	else
		check_repaired(c, NULL, path, "removed");
}

static int
look_at_name(void *context, int64_t place, const char *name)
{
	struct check *c = context;
	char path[PLACE_PATH_MAX];
	struct stat st;

	place_path(path, place, name);
	if (strcmp(name, "lock") == 0 || lstat(path, &st) == -1)
		return 1;
	if (is_segment(name, ""))
		look_at_segment(c, path, &st);
	else if (queueid_is(name))
		look_at_file(c, path, name);
	else if (strncmp(name, "tmp.", 4) != 0 && !is_segment(name, ".tmp"))
		check_condemn(c, name, place, "not a part of the journal");
	else if (time(NULL) - st.st_mtime >= CHECK_OLD)
		look_at_unfinished(c, path, name);
	return 1;
}

static void
tell(void *context, const char *path, const char *why)
{
	check_found(context, NULL, path, why);
}

static int
meet(void *context, int64_t place, const char *id)
{
	struct check *c = context;
	struct file f;
	const char *why;
	int r = ledger_open(&c->ledger, &f, place, id, FILE_GLANCE, &why);

	if (r == -1 && errno == ENOENT)
		return 0;
	if (r == 1)
		file_close(&f);
	else if (r == 0)
		check_found(c, id, FOLDER, why);
	else
		check_failed(c, "read the message of the journal", id);
	++c->messages;
	bloom_meet(&c->seen, id);
	return 1;
}

void
check_journal(struct check *c)
{
	look_at_lock(c, "queue/lock");
	look_at_lock(c, FOLDER "/lock");
	if (walk_place(PLACE_JOURNAL, look_at_name, c) == -1)
		c->trouble = 1;
	c->ledger.tell = tell;
	c->ledger.context = c;
	ledger_read(&c->ledger);
	if (ledger_walk(&c->ledger, meet, c) == -1)
		c->trouble = 1;
}

/* There the service finds it when it starts, and settles the record. */
void
check_journal_twin(struct check *c, const char *id, int64_t place)
{
	char path[PLACE_PATH_MAX];
	int folder, fd;

	place_path(path, place, id);
	check_found(c, id, path, "it stands in the journal, too");
	if (!c->repair)
		return;
	fd = lock(&folder);
	if (fd == -1) {
		check_failed(c, "move, while queue-serve runs,", path);
		return;
	}
	if (place_rename(id, place, PLACE_JOURNAL) == -1)
		check_failed(c, "move to " FOLDER ":", path);
	else {
		place_path(path, PLACE_JOURNAL, id);
		check_repaired(c, id, path, "moved there, to take the record's place");
	}
	unlock(folder, fd);
}

/* Whether it is whole nobody knows, nor whether it has been delivered. */
static void
note_message(void *context, const struct record *r, uint64_t at)
{
	char offset[DECIMAL_MAX], bytes[DECIMAL_MAX];

	log_event(r->id, "noted", "file", context, "offset", text_decimal(offset, at),
	    "bytes", text_decimal(bytes, r->len), "why",
	    "a message in a damaged part of the journal", (char *)NULL);
}

void
check_journal_part(const char *name)
{
	char path[PLACE_PATH_MAX];

	place_path(path, PLACE_BAD, name);
	log_event(NULL, "noted", "file", path, "why",
	    "a part of the journal that could not be read", (char *)NULL);
	ledger_part_read(path, note_message, path);
}
