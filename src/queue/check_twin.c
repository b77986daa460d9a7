#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "queue/check.h"
#include "queue/queue_file.h"
#include "queue/queue_place.h"
#include "queue/queue_walk.h"

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
	char path[QUEUE_PATH_MAX];
	struct stat st;

	queue_path(path, place, id);
	if (place == QUEUE_BAD || fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
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
	char path[QUEUE_PATH_MAX];
	struct queue_file f;
	const char *why;
	uint64_t bytes;

	queue_path(path, place, id);
	if (queue_file_open(&f, path, 0, &why) != 1)
		return 0;
	bytes = 1 + f.size - queue_header_end(&f.header);
	queue_file_close(&f);
	return bytes;
}

/* The one that knows less of what has been done goes; nothing of it is lost in bad. */
void
check_twin(struct check *c, const char *id)
{
	struct twins t = {0};
	int64_t place;
	char path[QUEUE_PATH_MAX];
	struct queue_file f;
	const char *why;

	queue_walk_to(id, meet, &t);
	if (t.count < 2) {
		/* moved, or gone since; but some IDs only seem to have been met */
		c->messages -= t.count == 0 || t.of_first.st_ctime >= c->began;
		return;
	}
	place = knowledge(id, t.first) < knowledge(id, t.second) ? t.first : t.second;
	queue_path(path, place, id);
	if (queue_file_open(&f, path, QUEUE_FILE_LOCK, &why) == -1) {
		if (errno != ENOENT)
			check_failed(c, "lock", path);
		return;
	}
	check_condemn(c, id, place, "another file has the same ID");
	queue_file_close(&f);
}
