#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/control_unit.h"
#include "lib/heap.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define PATH_SIZE 128
#define FEW 1024 /* bytes, of most control files */

static int
path_of(char path[PATH_SIZE], const char *name)
{
	if (strlen(name) + sizeof("control/") > PATH_SIZE) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(stpcpy(path, "control/"), name);
	return 0;
}

/* Read on from fd behind text to the end.  1, or -1 with errno. */
static int
read_rest(int fd, stralloc *text)
{
	ssize_t r;

	for (;;) {
		if (text->len > CONTROL_MAX) {
			errno = EFBIG;
			return -1;
		}
		if (!stralloc_readyplus(text, text->len > FEW ? text->len : FEW))
			heap_lacks();
		r = read(fd, text->s + text->len, text->a - text->len);
		if (r == 0)
			return 1;
		if (r > 0)
			text->len += (size_t)r;
		else if (errno != EINTR)
			return -1;
	}
}

/* Most files are short: their bytes need no more memory than they are. */
static int
read_all(int fd, stralloc *text)
{
	char few[FEW];
	ssize_t r;

	do
		r = read(fd, few, sizeof few);
	while (r == -1 && errno == EINTR);
	if (r == -1)
		return -1;
	text_catb(text, few, (size_t)r);
	/* what gives less than was wanted is at its end */
	return (size_t)r < sizeof few ? 1 : read_rest(fd, text);
}

/* The whole file: 1; 0 when there is none; -1 with errno. */
static int
load(const char *name, stralloc *text)
{
	char path[PATH_SIZE];
	int fd, r, saved;

	text->len = 0;
	if (path_of(path, name) == -1)
		return -1;
	/* musl's open would set FD_CLOEXEC once more */
	fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	r = read_all(fd, text);
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}

static size_t
without_trailing_blanks(const char *s, size_t len)
{
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t' || s[len - 1] == '\r'))
		len--;
	return len;
}

/* Its first line without trailing blanks; as load. */
static int
load_line(const char *name, stralloc *value)
{
	const char *end;
	int r;

	r = load(name, value);
	if (r != 1)
		return r;
	end = memchr(value->s, '\n', value->len);
	if (end != NULL)
		value->len = (size_t)(end - value->s);
	value->len = without_trailing_blanks(value->s, value->len);
	if (memchr(value->s, '\0', value->len) != NULL) {
		errno = EINVAL;
		return -1;
	}
	return 1;
}

int
control_line(const char *name, stralloc *value, const char *fallback)
{
	int r;

	r = load_line(name, value);
	if (r == -1)
		value->len = 0;
	if (r == 0)
		text_cat(value, fallback != NULL ? fallback : "", (char *)NULL);
	text_terminate(value);
	return r;
}

int
control_number(const char *name, unsigned long long *value, unsigned long long fallback)
{
	stralloc text = {0};
	int r;

	*value = fallback;
	r = load_line(name, &text); /* without memory where there is no such file */
	if (r == 1 && !control_unit_scan(
			  control_unit_of(name), text.s, text.len, LLONG_MAX, value)) {
		errno = EINVAL;
		r = -1;
	}
	stralloc_free(&text);
	return r;
}

int
control_list(const char *name, stralloc *list)
{
	size_t from, to, len, kept = 0;
	char *end;
	int r;

	r = load(name, list);
	if (r != 1)
		return r;
	text_terminate(list);
	if (memchr(list->s, '\0', list->len) != NULL) {
		errno = EINVAL;
		return -1;
	}
	/* squeezed in place: what is kept of a line is never longer than the line */
	for (from = 0; from < list->len; from = to + 1) {
		end = memchr(list->s + from, '\n', list->len - from);
		to = end != NULL ? (size_t)(end - list->s) : list->len;
		len = without_trailing_blanks(list->s + from, to - from);
		if (len == 0 || list->s[from] == '#')
			continue;
		memmove(list->s + kept, list->s + from, len);
		list->s[kept + len] = '\0';
		kept += len + 1;
	}
	list->len = kept;
	return 1;
}

void
control_need_line(const char *name, stralloc *value, const char *fallback)
{
	if (control_line(name, value, fallback) == -1)
		diesys(DEFER, "unable to read control/", name);
}

void
control_complain(const char *name)
{
	stralloc value = {0};

	if (errno == EINVAL && control_line(name, &value, NULL) == 1)
		carp("control/", name, " line 1: `", value.s, "' is ",
		    control_unit_wrong(control_unit_of(name)));
	else
		carpsys("unable to read control/", name);
	stralloc_free(&value);
}

unsigned long long
control_need_number(const char *name, unsigned long long fallback)
{
	unsigned long long value;

	if (control_number(name, &value, fallback) == -1) {
		control_complain(name);
		die(DEFER, "control/", name, " can't be used");
	}
	return value;
}

void
control_need_me(stralloc *me)
{
	control_need_line("me", me, NULL);
	if (me->len == 0)
		die(DEFER, "control/me is missing or empty");
}
