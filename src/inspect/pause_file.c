#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "inspect/pause_file.h"
#include "lib/address.h"
#include "lib/durable.h"
#include "lib/new_file.h"
#include "lib/text.h"

#define PAUSED "control/paused"
#define SIZE_MAX_PAUSED 1048576 /* bytes, as lib/control reads */

int
pause_file_knows(const char *what)
{
	return strcasecmp(what, "local") == 0 || strcasecmp(what, "remote") == 0 ||
	       address_is_domain(what, strlen(what));
}

/* Two of us at the same time would lose what one of them wrote. */
static int
lock_control(void)
{
	int fd = open("control", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1 || flock(fd, LOCK_EX) == -1) {
		carpsys("unable to lock control");
		return -1;
	}
	return fd;
}

static int
read_file(stralloc *text)
{
	int fd = open(PAUSED, O_RDONLY | O_CLOEXEC);
	ssize_t r = 0;

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	do {
		text->len += r;
		if (text->len > SIZE_MAX_PAUSED) {
			errno = EFBIG;
			r = -1;
			break;
		}
		if (!stralloc_readyplus(text, 4096)) {
			r = -1;
			break;
		}
		r = read(fd, text->s + text->len, 4096);
	} while (r > 0);
	close(fd);
	return r == -1 ? -1 : 0;
}

/* Queue-run would reject all of the file for one such line, and pause what it did. */
static int
check_line(const char *s, size_t len)
{
	stralloc line = {0};
	int r;

	if (len == 0 || *s == '#')
		return 0;
	text_catb(&line, s, len);
	text_terminate(&line);
	r = pause_file_knows(line.s) ? 0 : -1;
	if (r == -1)
		carp(PAUSED ": neither a domain nor local nor remote, correct it first: ",
		    line.s);
	stralloc_free(&line);
	return r;
}

/*
 * Append the lines of old to new, but those that say what; returns how many did, or -1
 * after a warning.
 */
static int
copy_others(stralloc *new, const stralloc *old, const char *what)
{
	const char *s = old->s, *end = old->s + old->len;
	int found = 0, r = 0;

	while (s < end) {
		const char *newline = memchr(s, '\n', end - s);
		size_t len = (newline != NULL ? newline : end) - s, word = len;

		while (word > 0 && strchr(" \t\r", s[word - 1]) != NULL)
			--word;
		if (check_line(s, word) == -1)
			r = -1;
		if (word == strlen(what) && strncasecmp(s, what, word) == 0) {
			++found;
		} else {
			text_catb(new, s, len);
			text_catb(new, "\n", 1);
		}
		s += len + (newline != NULL);
	}
	return r == -1 ? -1 : found;
}

/*
 * In the place that the file has, which is larger: a full disk must not keep anything
 * from being delivered.  One write makes it shorter by newlines, which mean nothing.
 */
static int
shrink_file(const stralloc *new, size_t old_len)
{
	int fd = open(PAUSED, O_WRONLY | O_NOFOLLOW | O_CLOEXEC), r = -1, saved;
	stralloc padded = {0};

	if (fd == -1)
		return -1;
	text_catb(&padded, new->s, new->len);
	while (padded.len < old_len)
		text_catb(&padded, "\n", 1);
	if (pwrite(fd, padded.s, padded.len, 0) == (ssize_t)padded.len &&
	    ftruncate(fd, new->len) == 0)
		r = fsync(fd);
	saved = errno;
	close(fd);
	stralloc_free(&padded);
	errno = saved;
	return r;
}

static int
write_file(const stralloc *new, size_t old_len)
{
	if (new_file_replace(PAUSED, new->s, new->len, 0644) == 0)
		return 0;
	return durable_is_full(errno) && new->len < old_len ? shrink_file(new, old_len)
							    : -1;
}

int
pause_file_change(const char *what, int is_wanted)
{
	stralloc old = {0}, new = {0};
	int lock = lock_control(), found, r = -1;

	if (lock == -1)
		return -1;
	if (read_file(&old) == -1) {
		carpsys("unable to read " PAUSED);
	} else {
		found = copy_others(&new, &old, what);
		if (is_wanted)
			text_cat(&new, what, "\n", (char *)NULL);
		r = found == -1 ? -1 : is_wanted ? found == 0 : found > 0;
		text_terminate(&new);
		if (r == 1 && write_file(&new, old.len) == -1) {
			carpsys("unable to write " PAUSED);
			r = -1;
		}
	}
	stralloc_free(&old);
	stralloc_free(&new);
	close(lock);
	return r;
}
