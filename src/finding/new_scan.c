#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errmsg.h>

#include "finding/new_scan.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "queue/place.h"

#define NAMES_STEP 256      /* names read at a time */
#define LEFTOVER_AGE 129600 /* seconds, 36 hours; queue-inject gives up after 24 */

/* Returns 0, or -1 with errno. */
static int
open_folder(struct new_scan *s)
{
	s->dir = opendir("queue/new");
	if (s->dir == NULL)
		return -1;
	oldest_begin(&s->found);
	return 0;
}

int
new_scan_begin(struct new_scan *s)
{
	struct stat st;

	s->wanted = 0;
	if (stat("queue/new", &st) == 0)
		s->seen = st.st_mtim;
	s->last[0] = '\0';
	s->running = open_folder(s) == 0;
	return s->running ? 0 : -1;
}

/*
 * Where files can't be without a name an injector that is killed leaves one.  It was
 * never acknowledged, and no injector lives for that long.
 */
static void
sweep(const char *name)
{
	char path[PLACE_PATH_MAX];
	struct stat st;

	place_path(path, PLACE_NEW, name);
	if (lstat(path, &st) == -1 || !S_ISREG(st.st_mode) ||
	    time(NULL) - st.st_mtime < LEFTOVER_AGE)
		return;
	if (unlink(path) == 0)
		log_event(NULL, "leftover", "file", path, (char *)NULL);
	else
		carpsys("unable to remove ", path);
}

static void
read_names(struct new_scan *s)
{
	struct dirent *entry;

	for (int i = 0; i < NAMES_STEP; ++i) {
		entry = readdir(s->dir);
		if (entry == NULL) {
			closedir(s->dir);
			s->dir = NULL;
			return;
		}
		if (queueid_is(entry->d_name)) {
			if (strcmp(entry->d_name, s->last) > 0)
				oldest_put(&s->found, entry->d_name);
		} else if (strncmp(entry->d_name, "tmp.", 4) == 0)
			sweep(entry->d_name);
		else
			foreign_condemn_name(&s->foreign, entry->d_name, PLACE_NEW);
	}
}

void
new_scan_end(struct new_scan *s)
{
	if (s->dir != NULL)
		closedir(s->dir);
	s->dir = NULL;
	s->running = s->again = 0;
	s->ended = 1;
	oldest_free(&s->found);
}

int
new_scan_step(struct new_scan *s, const char **id)
{
	int more;

	*id = NULL;
	if (s->dir != NULL) {
		read_names(s);
		return 1;
	}
	*id = oldest_take(&s->found);
	if (*id != NULL) {
		memcpy(s->last, *id, sizeof s->last);
		return 1;
	}
	more = s->found.more;
	oldest_free(&s->found);
	if (more && open_folder(s) == 0)
		return 1;
	new_scan_end(s);
	return more ? -1 : 0;
}

int
new_scan_is_stale(const struct new_scan *s)
{
	struct stat st;

	return stat("queue/new", &st) == 0 && (st.st_mtim.tv_sec != s->seen.tv_sec ||
						  st.st_mtim.tv_nsec != s->seen.tv_nsec);
}
