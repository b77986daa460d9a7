#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <stralloc.h>

#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "queue/foreign.h"
#include "queue/place.h"

static int
is_told(const struct foreign *f, uint64_t hash)
{
	for (size_t i = 0; i < f->count; ++i)
		if (f->told[i] == hash)
			return 1;
	return 0;
}

void
foreign_meet(struct foreign *f, const char *folder, const char *name, const char *why)
{
	uint64_t hash = queueid_hash(name, queueid_hash(folder, 0));
	stralloc path = {0};

	if (f->count == FOREIGN_MAX || is_told(f, hash))
		return;
	f->told[f->count++] = hash;
	text_cat(&path, folder, "/", name, (char *)NULL);
	text_terminate(&path);
	log_event(NULL, "foreign", "file", path.s, "why", why, (char *)NULL);
	if (f->count == FOREIGN_MAX)
		log_event(NULL, "foreign", "file", folder, "why",
		    "there is more than is told here", (char *)NULL);
	stralloc_free(&path);
}

int
foreign_condemn(struct foreign *f, const char *name, int64_t place, const char *why)
{
	char folder[PLACE_PATH_MAX];
	stralloc reason = {0};
	int saved;

	if (place_condemn(name, place, why) == 0)
		return 0;
	if (errno == ENOENT && mkdir("queue/bad", 0700) == 0 &&
	    place_condemn(name, place, why) == 0)
		return 0;
	saved = errno;
	place_folder_path(folder, place);
	text_cat(&reason, why, ", but unable to move it to queue/bad: ", strerror(saved),
	    (char *)NULL);
	text_terminate(&reason);
	foreign_meet(f, folder, name, reason.s);
	stralloc_free(&reason);
	errno = saved;
	return -1;
}

void
foreign_condemn_name(struct foreign *f, const char *name, int64_t place)
{
	if (name[0] != '.' && strncmp(name, "tmp.", 4) != 0)
		foreign_condemn(f, name, place, "not named by a message ID");
}
