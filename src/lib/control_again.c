#include <errno.h>
#include <string.h>
#include <time.h>

#include "lib/control.h"
#include "lib/control_again.h"

#define PATH_SIZE 128

/* The file as it is: 1; 0 when there is none, and st is zeroed; -1 with errno. */
static int
look(const char *name, struct stat *st)
{
	char path[PATH_SIZE];

	if (strlen(name) + sizeof("control/") > PATH_SIZE) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(stpcpy(path, "control/"), name);
	memset(st, 0, sizeof(*st));
	if (stat(path, st) == 0)
		return 1;
	return errno == ENOENT ? 0 : -1;
}

static int
is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static int
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size && is_same_time(&a->st_mtim, &b->st_mtim) &&
	       is_same_time(&a->st_ctim, &b->st_ctim);
}

/* Was it left alone for long enough to see a change? */
static int
is_old(const struct stat *st)
{
	struct timespec now;

	return clock_gettime(CLOCK_REALTIME, &now) == 0 &&
	       now.tv_sec > st->st_ctim.tv_sec + 1;
}

int
control_again_list(struct control_again *last, const char *name, stralloc *list)
{
	struct stat st;
	int r = look(name, &st), is_there;

	if (r == -1) {
		last->is_known = 0;
		return -1;
	}
	if (last->is_known && last->was_there == r && is_same(&st, &last->st))
		return r;
	/* what replaces the file meanwhile is another one the next time */
	list->len = 0;
	is_there = control_list(name, list);
	last->is_known = is_there != -1 && is_there == r && (r == 0 || is_old(&st));
	last->was_there = r;
	last->st = st;
	return is_there;
}
