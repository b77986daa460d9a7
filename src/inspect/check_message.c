#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "inspect/check.h"
#include "inspect/check_message.h"
#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/log.h"
#include "lib/text.h"
#include "queue/file.h"
#include "queue/journal.h"
#include "queue/owed.h"
#include "queue/place.h"
#include "queue/trigger.h"

#define MODE 0600
#define MODE_FORMER 0660 /* of those that injectors wrote, whose group is ours */
#define PAUSE 50         /* milliseconds between attempts to get a lock */

/* A message that was opened, and its file. */
struct subject {
	struct file file;
	struct stat st;
	int64_t place;
	const char *id;
	char path[PLACE_PATH_MAX];
};

static int
has_right_group(const struct check *c, const struct subject *s)
{
	return c->doubt || s->st.st_gid == c->group;
}

/* One that belongs to the queue's owner is for nobody else. */
static mode_t
right_mode(const struct check *c, const struct subject *s)
{
	return s->st.st_uid == c->owner ? MODE : MODE_FORMER;
}

static int
has_right_mode(const struct check *c, const struct subject *s)
{
	mode_t mode = s->st.st_mode & 07777;

	return (mode == right_mode(c, s) || mode == MODE_FORMER) && has_right_group(c, s);
}

/* Nothing is left to be done for it, but it is still there. */
static int
is_finished(const struct subject *s)
{
	for (size_t i = 0; i < s->file.envelope.count; ++i)
		if (!s->file.recipients[i].state ||
		    strchr("KBX", s->file.recipients[i].state) == NULL)
			return 0;
	return !owed_any(&s->file, 0);
}

static int
is_sound(const struct check *c, const struct subject *s)
{
	return has_right_mode(c, s) && !s->file.torn && !is_finished(s);
}

/* As file_open. */
static int
open_subject(struct subject *s, int flags, const char **why)
{
	int r = file_open(&s->file, s->path, flags, why);

	if (r == 1 && fstat(s->file.fd, &s->st) == -1) {
		file_close(&s->file);
		return -1;
	}
	return r;
}

static int
open_locked(const struct check *c, struct subject *s, const char **why)
{
	int64_t until = deadline_now() + c->patience;
	int r;

	while ((r = open_subject(s, FILE_LOCK, why)) == -1 && errno == EWOULDBLOCK &&
	       deadline_now() < until)
		poll(NULL, 0, PAUSE);
	return r;
}

static void
mend_mode(struct check *c, const struct subject *s)
{
	check_found(c, s->id, s->path, "its mode or group is not that of a message");
	if (!c->repair)
		return;
	if ((!has_right_group(c, s) && fchown(s->file.fd, -1, c->group) == -1) ||
	    fchmod(s->file.fd, right_mode(c, s)) == -1)
		check_failed(c, "change the mode of", s->path);
	else
		check_repaired(c, s->id, s->path, "its mode and group are set");
}

static void
mend_torn(struct check *c, const struct subject *s)
{
	int torn = 1;

	check_found(c, s->id, s->path, "the last line of its journal is torn");
	if (!c->repair)
		return;
	if (journal_append(s->path, &torn, "", 0, 1) == -1)
		check_failed(c, "write to", s->path);
	else
		check_repaired(c, s->id, s->path, "the line is ended");
}

/* Queue-run knows what to do with it: it says so in its log, and removes it. */
static void
mend_finished(struct check *c, const struct subject *s)
{
	check_found(c, s->id, s->path, "all its recipients are done with");
	if (!c->repair || s->place == PLACE_NEW)
		return;
	if (place_move(s->id, s->place, PLACE_NEW) == -1 ||
	    durable_sync_directory(AT_FDCWD, "queue/new") == -1)
		check_failed(c, "move to queue/new:", s->path);
	else {
		check_repaired(c, s->id, s->path, "moved to queue/new");
		trigger_pull(s->id);
	}
}

/* The entries of a journal that are about a recipient of the message. */
struct tally {
	size_t recipients, entries;
};

static void
count_entry(void *context, const struct journal_entry *entry)
{
	struct tally *tally = context;

	tally->entries += entry->index < tally->recipients;
}

/* How many lines of the journal say nothing to us: of a later version, or damaged. */
static size_t
count_strange(const struct file *f)
{
	uint64_t at = header_end(&f->header);
	struct tally tally = {.recipients = f->envelope.count};
	size_t lines = 0;
	char buf[4096];
	ssize_t r;

	journal_read(f->fd, at, f->size, count_entry, &tally);
	for (; (r = pread(f->fd, buf, sizeof buf, at)) > 0; at += r)
		for (ssize_t i = 0; i < r; ++i)
			lines += buf[i] == '\n';
	return lines > tally.entries ? lines - tally.entries : 0;
}

/* That is no fault: the format lets them be ignored. */
static void
note_strange(const struct subject *s)
{
	char n[DECIMAL_MAX];
	size_t count = s->file.has_journal ? count_strange(&s->file) : 0;

	if (count > 0)
		log_event(s->id, "noted", "file", s->path, "lines",
		    text_decimal(n, count), "why", "lines of the journal are ignored",
		    (char *)NULL);
}

/* The file is locked: what is wrong now was no work under way. */
static void
mend(struct check *c, const struct subject *s)
{
	if (!has_right_mode(c, s))
		mend_mode(c, s);
	if (s->file.torn)
		mend_torn(c, s);
	if (is_finished(s))
		mend_finished(c, s);
}

static void
look_again(struct check *c, struct subject *s)
{
	const char *why;

	switch (open_locked(c, s, &why)) {
	case 1:
		mend(c, s);
		file_close(&s->file);
		break;
	case 0:
		check_condemn(c, s->id, s->place, why);
		break;
	default:
		if (errno == EWOULDBLOCK) {
			carp(s->path, ": being delivered now");
			c->trouble = 1;
		} else if (errno != ENOENT)
			check_failed(c, "read", s->path);
	}
}

/* Without a lock, so that queue-run is not disturbed; but what seems wrong may not be. */
int
check_message(void *context, int64_t place, const char *id)
{
	struct check *c = context;
	struct subject s = {.place = place, .id = id};
	const char *why;
	int r, sound;

	place_path(s.path, place, id);
	r = open_subject(&s, 0, &why);
	if (r == -1 && errno == ENOENT)
		return 0;
	++c->messages;
	sound = r == 1 && is_sound(c, &s);
	if (r == 1) {
		note_strange(&s);
		file_close(&s.file);
	}
	if (!sound)
		look_again(c, &s);
	return 1;
}
