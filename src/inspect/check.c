#include <errmsg.h>

#include "inspect/check.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "queue/place.h"

void
check_found(struct check *c, const char *id, const char *path, const char *why)
{
	++c->found;
	log_event(id, "found", "file", path, "why", why, (char *)NULL);
}

void
check_repaired(struct check *c, const char *id, const char *path, const char *how)
{
	++c->repaired;
	log_event(id, "repaired", "file", path, "how", how, (char *)NULL);
}

void
check_failed(struct check *c, const char *what, const char *path)
{
	carpsys("unable to ", what, " ", path);
	c->trouble = 1;
}

void
check_condemn(struct check *c, const char *name, int64_t place, const char *why)
{
	char path[PLACE_PATH_MAX];

	place_path(path, place, name);
	check_found(c, queueid_is(name) ? name : NULL, path, why);
	if (!c->repair)
		return;
	if (place_condemn(name, place, why) == 0)
		++c->repaired;
	else
		check_failed(c, "move to queue/bad:", path);
}
