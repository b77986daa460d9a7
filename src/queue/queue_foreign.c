#include "queue/queue_foreign.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <stralloc.h>

#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "queue/queue_place.h"

static int
is_told(const struct queue_foreign *f, uint64_t hash)
{
	for (size_t i = 0; i < f->count; ++i)
		if (f->told[i] == hash)
			return 1;
	return 0;
}

void
queue_foreign_meet(
    struct queue_foreign *f, const char *folder, const char *name, const char *why)
{
	uint64_t hash = queueid_hash(name, queueid_hash(folder, 0));
	stralloc path = {0};

	if (f->count == QUEUE_FOREIGN_MAX || is_told(f, hash))
		return;
	f->told[f->count++] = hash;
	text_cat(&path, folder, "/", name, (char *)0);
	text_terminate(&path);
	log_event(NULL, "foreign", "file", path.s, "why", why, (char *)0);
	if (f->count == QUEUE_FOREIGN_MAX)
		log_event(NULL, "foreign", "file", folder, "why",
		    "there is more than is told here", (char *)0);
	stralloc_free(&path);
}

int
queue_foreign_condemn(
    struct queue_foreign *f, const char *name, int64_t place, const char *why)
{
	char folder[QUEUE_PATH_MAX];
	stralloc reason = {0};
	int saved;

	if (queue_condemn(name, place, why) == 0)
		return 0;
	if (errno == ENOENT && mkdir("queue/bad", 0700) == 0 &&
	    queue_condemn(name, place, why) == 0)
		return 0;
	saved = errno;
	queue_folder_path(folder, place);
	text_cat(&reason, why, ", but unable to move it to queue/bad: ", strerror(saved),
	    (char *)0);
	text_terminate(&reason);
	queue_foreign_meet(f, folder, name, reason.s);
	stralloc_free(&reason);
	errno = saved;
	return -1;
}

void
queue_foreign_condemn_name(struct queue_foreign *f, const char *name, int64_t place)
{
	if (name[0] != '.' && strncmp(name, "tmp.", 4) != 0)
		queue_foreign_condemn(f, name, place, "not named by a message ID");
}
