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

/* What was read before is good still: its return value; else 2, or -1 with errno. */
static int
recall(struct control_again *last, const char *name, int *is_there, struct stat *st)
{
	*is_there = look(name, st);
	if (*is_there == -1) {
		last->is_known = 0;
		return -1;
	}
	return last->is_known && last->was_there == *is_there && is_same(st, &last->st)
		   ? *is_there
		   : 2;
}

/* It was read with this result; what replaces the file meanwhile is another one the next
 * time. */
static int
note(struct control_again *last, int r, int is_there, const struct stat *st)
{
	last->is_known = r != -1 && r == is_there && (r == 0 || is_old(st));
	last->was_there = r;
	last->st = *st;
	return r;
}

int
control_again_list(struct control_again *last, const char *name, stralloc *list)
{
	struct stat st;
	int is_there, r = recall(last, name, &is_there, &st);

	if (r != 2)
		return r;
	list->len = 0;
	return note(last, control_list(name, list), is_there, &st);
}

int
control_again_number(struct control_again *last, const char *name,
    unsigned long long *value, unsigned long long fallback)
{
	struct stat st;
	int is_there, r = recall(last, name, &is_there, &st);

	return r != 2 ? r
		      : note(last, control_number(name, value, fallback), is_there, &st);
}
