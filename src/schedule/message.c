#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/heap.h"
#include "queue/journal.h"
#include "schedule/message.h"

void
message_path(const struct message *m, char path[PLACE_PATH_MAX])
{
	place_path(path, m->bucket, m->id);
}

/* As message_open, for the file. */
static int
open_file(struct message *m, struct foreign *foreign)
{
	char path[PLACE_PATH_MAX];
	const char *why;
	int r, saved;

	message_path(m, path);
	r = file_open(&m->file, path, FILE_LOCK | (m->again ? FILE_AGAIN : 0), &why);
	if (r == 0)
		return message_condemn(m, foreign, why);
	if (r != -1 || errno == ENOENT)
		return r == 1;
	if (errno == EWOULDBLOCK)
		return MESSAGE_BUSY;
	saved = errno;
	carpsys("unable to read ", path);
	errno = saved;
	return -1;
}

static struct message *
make(int64_t bucket, const char *id, int again)
{
	struct message *m = heap_make(1, sizeof *m);

	memcpy(m->id, id, sizeof m->id);
	m->bucket = bucket;
	m->again = again;
	return m;
}

/* Of a message that could, or could not, be opened: r says so. */
static int
conclude(struct message **opened, struct message *m, int r)
{
	int saved = errno;

	if (r == 1)
		*opened = m;
	else
		free(m);
	errno = saved;
	return r;
}

int
message_open(struct message **opened, struct foreign *foreign, int64_t bucket,
    const char *id, int again)
{
	struct message *m = make(bucket, id, again);

	return conclude(opened, m, open_file(m, foreign));
}

int
message_take(struct message **opened, const char *id, int again, int fd)
{
	struct message *m = make(PLACE_JOURNAL, id, again);
	const char *why;
	int r = file_take(&m->file, fd, id, again ? FILE_AGAIN : 0, &why);

	if (r == 0)
		carp("message ", id, " was handed over, but is none: ", why);
	if (r == -1)
		carpsys("unable to read message ", id);
	return conclude(opened, m, r);
}

void
message_compare(struct message *m, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || (uint64_t)st.st_size < m->file.size ||
	    st.st_size - m->file.size > m->lines.len)
		return;
	m->said = st.st_size - m->file.size;
}

int
message_is_file(const struct message *m)
{
	return m->bucket != PLACE_JOURNAL;
}

/* Those that came while it was written are not in it. */
static void
keep_lines(struct message *m)
{
	m->lines.len -= m->spilled.lines;
	if (m->lines.len == 0)
		m->unsynced = 0;
	else
		memmove(m->lines.s, m->lines.s + m->spilled.lines, m->lines.len);
}

/* What the service has made of it meanwhile knows less.  Returns 0, or -1 with errno. */
static int
replace_twin(const char *id)
{
	char ours[PLACE_PATH_MAX], twin[PLACE_PATH_MAX];

	place_path(ours, PLACE_JOURNAL, id);
	place_path(twin, PLACE_NEW, id);
	return rename(ours, twin);
}

/* When the connection was lost meanwhile the service may have moved it, too. */
int
message_become_file(struct message *m)
{
	if (place_rename(m->id, PLACE_JOURNAL, PLACE_NEW) == -1 && errno != ENOENT &&
	    (errno != EEXIST || replace_twin(m->id) == -1)) {
		carpsys("unable to move message ", m->id, " to queue/new");
		return -1;
	}
	file_replace(&m->file, m->spilled.fd, m->spilled.lines);
	keep_lines(m);
	m->bucket = PLACE_NEW;
	m->spill = MESSAGE_KEPT;
	return 0;
}

/*
 * Lines of Z and D alone need no sync: what they cost when lost is an attempt, and a
 * bounce repeated under the same ID.
 */
int
message_write(struct message *m)
{
	char path[PLACE_PATH_MAX];

	if (m->lines.len == 0 && !m->unsynced)
		return 0;
	message_path(m, path);
	if (journal_append(path, &m->file.torn, m->lines.s, m->lines.len, m->unsynced) ==
	    -1) {
		carpsys("unable to write to the journal of ", path);
		return -1;
	}
	m->unsynced = 0;
	m->lines.len = 0;
	return 0;
}

void
message_save(struct message *m, struct supply *supply)
{
	char path[PLACE_PATH_MAX];

	if (m->lines.len == 0)
		return;
	if (!message_is_file(m)) {
		if (supply_keep(
			supply, m->id, m->lines.s + m->said, m->lines.len - m->said))
			m->said = m->lines.len;
		return;
	}
	message_path(m, path);
	if (journal_append(path, &m->file.torn, m->lines.s, m->lines.len, 0) == 0)
		m->lines.len = 0;
}

void
message_doubt(struct message *m)
{
	m->again = 1;
	file_set_again(&m->file);
}

int
message_move(struct message *m, int64_t place)
{
	return place_move(m->id, m->bucket, place);
}

int
message_condemn(struct message *m, struct foreign *foreign, const char *why)
{
	return foreign_condemn(foreign, m->id, m->bucket, why);
}

int
message_remove(struct message *m)
{
	char path[PLACE_PATH_MAX];

	int64_t place = message_is_file(m) ? m->bucket : PLACE_NEW;

	if ((!message_is_file(m) && !m->has_twin) || place_remove(m->id, place) == 0)
		return 0;
	message_path(m, path);
	carpsys("unable to remove ", path);
	return -1;
}

void
message_close(struct message *m)
{
	int saved = errno;

	file_close(&m->file);
	stralloc_free(&m->lines);
	free(m);
	errno = saved;
}

int
message_is_open(const struct message *m, size_t i)
{
	char state = m->file.recipients[i].state;

	return state == 0 || state == 'Z';
}

size_t
message_count(const struct message *m, const char *states)
{
	size_t n = 0;

	for (size_t i = 0; i < m->file.envelope.count; ++i) {
		char state = m->file.recipients[i].state;

		n += strchr(states, state ? state : 'Z') != NULL;
	}
	return n;
}
