#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/spawn_child.h"
#include "lib/text.h"
#include "schedule/spill.h"

void
spill_want(struct spill *s, struct message *m)
{
	if (m->spill != MESSAGE_KEPT)
		return;
	m->spill = MESSAGE_SPILLING;
	ring_put(&s->waiting, &m->ring);
}

static void
tell(struct event_list *events, struct message *m, int ok)
{
	struct event event = {.kind = EVENT_WRITTEN, .message = m, .ok = ok};

	if (!ok && m->spilled.fd != -1)
		close(m->spilled.fd);
	if (!ok)
		m->spilled.fd = -1;
	m->spill = ok ? MESSAGE_SPILLED : MESSAGE_KEPT;
	event_put(events, &event);
}

/*
 * The file, without a name yet.  It is locked before it has one, so that no tool gets in
 * between.  That the message may have been delivered before, the file has to say, too: it
 * may be under way just now, and whoever finds the file when we were killed would not
 * know.
 */
static int
open_file(struct spill_file *f, struct message *m)
{
	char self[sizeof "/proc/self/fd/" + DECIMAL_MAX];

	if (m->lines.len == 0 && !m->file.has_journal)
		text_catb(&m->lines, "\n", 1);
	memcpy(f->id, m->id, sizeof f->id);
	f->from = m->file.fd;
	f->len = m->file.size;
	f->lines = &m->lines;
	if (durable_begin(&f->durable, AT_FDCWD, SPILL_WRITE_FOLDER, 0600) == -1)
		return -1;
	m->spilled.lines = m->lines.len;
	text_decimal(stpcpy(self, "/proc/self/fd/"), f->durable.fd);
	m->spilled.fd = open(self, O_RDONLY | O_CLOEXEC);
	if (m->spilled.fd != -1 && flock(m->spilled.fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	durable_abandon(&f->durable);
	return -1;
}

static void
open_files(struct spill *s, struct event_list *events)
{
	while (s->waiting != NULL && s->count < SPILL_WRITE_MAX) {
		struct message *m =
		    RING_OF(ring_shift(&s->waiting), struct message, ring);

		m->spilled.fd = -1;
		if (open_file(&s->files[s->count], m) == 0) {
			s->messages[s->count++] = m;
			continue;
		}
		carpsys("unable to create a file in " SPILL_WRITE_FOLDER);
		tell(events, m, 0);
	}
}

/*
 * The child said nothing of a file that is there under its name all the same: that one is
 * not known to be durable.
 */
static void
take_back(struct spill_file *f)
{
	char path[PLACE_PATH_MAX];
	struct stat ours, named;

	place_path(path, PLACE_JOURNAL, f->id);
	if (fstat(f->durable.fd, &ours) == 0 && lstat(path, &named) == 0 &&
	    ours.st_dev == named.st_dev && ours.st_ino == named.st_ino)
		unlink(path);
	durable_abandon(&f->durable);
}

static void
conclude(struct spill *s, struct event_list *events, const char *done, size_t len)
{
	for (size_t i = 0; i < s->count; ++i) {
		int ok = i < len && done[i] == '1';

		if (ok)
			close(s->files[i].durable.fd);
		else
			take_back(&s->files[i]);
		tell(events, s->messages[i], ok);
	}
	s->count = 0;
}

void
spill_begin(struct spill *s, struct event_list *events)
{
	int ends[2];

	if (s->child != 0 || s->waiting == NULL)
		return;
	open_files(s, events);
	if (s->count == 0)
		return;
	if (spawn_child_pipe(ends) == 0) {
		s->child = spill_write_fork(s->files, s->count, ends[1]);
		close(ends[1]);
		s->fd = ends[0];
		if (s->child != -1)
			return;
		close(s->fd);
	}
	carpsys("unable to start a child");
	s->child = 0;
	conclude(s, events, "", 0);
}

void
spill_end(struct spill *s, struct event_list *events)
{
	char done[SPILL_WRITE_MAX];
	ssize_t r;

	do
		r = read(s->fd, done, sizeof done);
	while (r == -1 && errno == EINTR);
	close(s->fd);
	spawn_child_wait(s->child);
	s->child = 0;
	conclude(s, events, done, r > 0 ? r : 0);
}
