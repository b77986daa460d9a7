#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/text.h"
#include "queue/parts.h"
#include "queue/place.h"

static const struct parts_part parts[PARTS_COUNT] = {
    {"queue/new", S_IFDIR, 0700},
    {"queue/later", S_IFDIR, 0700},
    {"queue/hold", S_IFDIR, 0700},
    {"queue/paused", S_IFDIR, 0700},
    {"queue/bad", S_IFDIR, 0700},
    {"queue/journal", S_IFDIR, 0700},
    {"queue/trigger", S_IFIFO, 0600},
};

const struct parts_part *
parts_part(size_t i)
{
	return &parts[i];
}

int
parts_make(const struct parts_part *part, gid_t group)
{
	int r =
	    part->type == S_IFDIR ? mkdir(part->path, 0700) : mkfifo(part->path, 0600);

	if (r == -1)
		return -1;
	if (group != (gid_t)-1 && chown(part->path, -1, group) == -1)
		return -1;
	return chmod(part->path, part->mode);
}

int
parts_set_aside(const struct parts_part *part)
{
	char aside[PLACE_PATH_MAX], *end = stpcpy(aside, part->path);

	text_decimal(stpcpy(end, "."), time(NULL));
	return place_rename_new(part->path, aside);
}

static int
make(const struct parts_part *part)
{
	if (parts_make(part, (gid_t)-1) == -1) {
		carpsys("unable to make ", part->path);
		return -1;
	}
	return 0;
}

/* A backup that was put back by the wrong tool has such a trigger. */
static int
replace(const struct parts_part *part)
{
	if (parts_set_aside(part) == -1) {
		carpsys("unable to set aside ", part->path);
		return -1;
	}
	carp("what stood at ", part->path, " is set aside");
	return make(part);
}

/* Returns 0; -1 after a warning when it can't be used. */
static int
provide(const struct parts_part *part)
{
	int needed = part->type == S_IFDIR ? R_OK | W_OK | X_OK : R_OK | W_OK, r = 0;
	struct stat st;

	if (stat(part->path, &st) == 0) {
		if ((st.st_mode & S_IFMT) != part->type)
			r = replace(part);
	} else if (errno == ENOENT) {
		r = make(part);
		if (r == 0)
			carp(part->path, " was missing, it is made");
	}
	if (access(part->path, needed) == 0)
		return 0;
	if (r == 0)
		carpsys("unable to use ", part->path);
	return -1;
}

int
parts_provide(void)
{
	int r = provide(&parts[0]);

	for (size_t i = 1; i < PARTS_COUNT; ++i)
		provide(&parts[i]);
	return r;
}
