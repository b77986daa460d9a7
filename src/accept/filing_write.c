#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "accept/filing_write.h"
#include "lib/durable.h"
#include "lib/heap.h"
#include "lib/sync_files.h"
#include "lib/text.h"
#include "queue/place.h"

#define MODE 0600

/* A file on its way. */
struct filing {
	struct durable file;
	const char *id;
};

struct filings {
	struct filing *list;
	size_t count;
	int folder, syncs_whole;
};

/* Those of our parent were closed. */
static void
open_slots(struct slots *s)
{
	char path[SLOTS_PATH_MAX];

	for (struct slot *slot = s->list; slot < s->list + SLOTS_MOST; slot++)
		if (slot->fd != -1 && slot->live > 0) {
			slots_path(path, slot->number);
			slot->fd = open(path, O_RDONLY | O_CLOEXEC);
		}
}

/* That the scheduler had it before is told by an empty line where there is none yet. */
static int
write_message(int fd, const char *file, const struct unsettled *u)
{
	const char *lines = u->lines.len > 0 ? u->lines.s : "\n";
	size_t len = u->lines.len > 0 ? u->lines.len : (size_t)u->again;

	return durable_write(fd, file, u->len) == -1 ? -1 : durable_write(fd, lines, len);
}

static int
add(struct filings *f, struct batch *b, const struct unsettled *u)
{
	struct filing *filing = &f->list[f->count];
	const char *file = batch_file(b, u);

	if (file == NULL) {
		carpsys("unable to read message ", u->id, " in " SLOTS_FOLDER);
		return 0;
	}
	if (durable_begin(&filing->file, AT_FDCWD, SLOTS_FOLDER, MODE) == -1)
		return -1;
	filing->id = u->id;
	f->count++;
	return write_message(filing->file.fd, file, u);
}

/* A file that has been there before. */
static int
sync_existing(const char *id)
{
	char path[PLACE_PATH_MAX];
	int fd, r;

	place_path(path, PLACE_JOURNAL, id);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	r = fsync(fd);
	close(fd);
	return r;
}

/* All files that we have written, by one sync where that is enough. */
static int
sync_all(const struct filings *f)
{
	if (f->syncs_whole)
		return sync_files_whole(f->folder);
	for (size_t i = 0; i < f->count; i++)
		if (fsync(f->list[i].file.fd) == -1)
			return -1;
	return 0;
}

/* One of that name is the same message, of an earlier try. */
static int
name_all(struct filings *f)
{
	for (size_t i = 0; i < f->count; i++) {
		struct filing *filing = &f->list[i];

		if (durable_name(&filing->file, SLOTS_FOLDER, filing->id) == 0)
			continue;
		if (errno != EEXIST || sync_existing(filing->id) == -1)
			return -1;
	}
	return 0;
}

static int
write_all(struct filings *f, struct batch *b, const stralloc *ids)
{
	const struct unsettled *u;

	for (size_t at = 0; at < ids->len; at += QUEUEID_LEN + 1) {
		u = unsettled_find(&b->unsettled, ids->s + at);
		if (u != NULL && u->filed ? add(f, b, u) == -1
					  : sync_existing(ids->s + at) == -1)
			return -1;
	}
	return f->count == 0 || (sync_all(f) == 0 && name_all(f) == 0 && sync_all(f) == 0)
		   ? 0
		   : -1;
}

int
filing_write(struct batch *b, const stralloc *ids)
{
	struct filings f = {
	    .folder = open(SLOTS_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	int r;

	open_slots(&b->slots);
	f.syncs_whole = durable_syncs_whole(f.folder);
	f.list = heap_make(FILING_WRITE_MOST, sizeof(*f.list));
	r = f.folder != -1 && write_all(&f, b, ids) == 0 ? fsync(f.folder) : -1;
	if (r == -1)
		carpsys("unable to write to ", SLOTS_FOLDER);
	for (size_t i = 0; i < f.count; i++)
		durable_abandon(&f.list[i].file);
	return r;
}
