#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "inspect/check.h"
#include "inspect/check_journal.h"
#include "inspect/check_twin.h"
#include "queue/file.h"
#include "queue/place.h"
#include "queue/walk.h"

/* The places where files of one ID were met. */
struct twins {
	int64_t first, second;
	struct stat of_first;
	int count;
};

/* A file that was moved meanwhile is met twice, but it is the same. */
static int
meet(void *context, int64_t place, const char *id)
{
	struct twins *t = context;
	char path[PLACE_PATH_MAX];
	struct stat st;

	place_path(path, place, id);
	if (place == PLACE_BAD || fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return 0;
	if (t->count == 0) {
		t->first = place;
		t->of_first = st;
		t->count = 1;
	} else if (st.st_ino != t->of_first.st_ino || st.st_dev != t->of_first.st_dev) {
		t->second = place;
		t->count = 2;
	}
	return t->count == 2;
}

/* How much its journal knows; 0 for what is no message. */
static uint64_t
knowledge(const char *id, int64_t place)
{
	char path[PLACE_PATH_MAX];
	struct file f;
	const char *why;
	uint64_t bytes;

	place_path(path, place, id);
	if (file_open(&f, path, 0, &why) != 1)
		return 0;
	bytes = 1 + f.size - header_end(&f.header);
	file_close(&f);
	return bytes;
}

/* The one that knows less of what has been done goes; nothing of it is lost in bad. */
void
check_twin(struct check *c, const char *id)
{
	struct twins t = {0};
	int64_t place;
	char path[PLACE_PATH_MAX];
	struct file f;
	const char *why;

	walk_to(id, meet, &t);
	if (t.count == 1 && t.of_first.st_ctime < c->began &&
	    ledger_has_shown(&c->ledger, id)) {
		--c->messages;
		check_journal_twin(c, id, t.first);
		return;
	}
	if (t.count < 2) {
		/* moved, or gone since; but some IDs only seem to have been met */
		c->messages -= t.count == 0 || t.of_first.st_ctime >= c->began;
		return;
	}
	place = knowledge(id, t.first) < knowledge(id, t.second) ? t.first : t.second;
	place_path(path, place, id);
	if (file_open(&f, path, FILE_LOCK, &why) == -1) {
		if (errno != ENOENT)
			check_failed(c, "lock", path);
		return;
	}
	check_condemn(c, id, place, "another file has the same ID");
	file_close(&f);
}
