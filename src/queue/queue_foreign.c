#include "queue/queue_foreign.h"

#include <stralloc.h>

#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/text.h"

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
