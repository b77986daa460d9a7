#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/durable.h"
#include "lib/maildircount.h"
#include "lib/maildirsize.h"
#include "lib/text.h"

#define OLD 900                         /* seconds: Maildir++ */
#define GROWN_MAX (4 * MAILDIRSIZE_MAX) /* nobody has counted for long: begin anew */

/* Open the file, which must be a regular one.  -1 with errno, EINVAL if it is not. */
static int
open_file(int maildir, int flags, struct stat *st)
{
	int fd;

	fd = openat(
	    maildir, MAILDIRSIZE, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd == -1)
		return -1;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

/* As maildirsize_read, with the time when the file was written. */
static int
read_file(struct maildirsize *size, int maildir, struct timespec *written)
{
	char buf[MAILDIRSIZE_MAX];
	struct stat st;
	ssize_t r;
	int fd;

	fd = open_file(maildir, O_RDONLY, &st);
	if (fd == -1)
		return errno == ENOENT || errno == EINVAL || errno == ELOOP ? 0 : -1;
	r = read(fd, buf, sizeof(buf));
	close(fd);
	if (r == -1)
		return -1;
	*written = st.st_mtim;
	return (size_t)r < sizeof(buf) && maildirsize_parse(size, buf, (size_t)r);
}

int
maildirsize_read(struct maildirsize *size, int maildir)
{
	struct timespec written;

	return read_file(size, maildir, &written);
}

/*
 * Replace the file by the sums.  Nothing is synced and no failure told: whatever a crash,
 * a full disk or its owner makes of the file, the messages can be counted again.
 */
static void
write_file(int maildir, const struct maildirsize *size)
{
	char text[4 * DECIMAL_MAX], tmp[sizeof("tmp/maildirsize.") + DECIMAL_MAX];
	char *p = text;
	int fd, r;

	text_decimal(stpcpy(tmp, "tmp/maildirsize."), (unsigned long long)getpid());
	p = stpcpy(p + strlen(text_decimal(p, size->quota)), "S\n");
	p += strlen(text_decimal(p, (unsigned long long)size->bytes));
	*p++ = ' ';
	p += strlen(text_decimal(p, (unsigned long long)size->messages));
	*p++ = '\n';
	unlinkat(maildir, tmp, 0);
	fd = openat(maildir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return;
	r = durable_write(fd, text, (size_t)(p - text));
	if (close(fd) == -1 || r == -1 ||
	    renameat(maildir, tmp, maildir, MAILDIRSIZE) == -1)
		unlinkat(maildir, tmp, 0);
}

/* Count the messages and write the file.  Returns 0, or -1 with errno. */
static int
count_anew(struct maildirsize *size, int maildir, unsigned long long quota, size_t most)
{
	int r, tries;

	size->quota = quota;
	/* where mail comes and goes all the time, nearly right must do */
	for (tries = 0, r = 0; r == 0 && tries < 2; tries++)
		r = maildircount(maildir, most, &size->bytes, &size->messages);
	if (r == -1)
		return -1;
	write_file(maildir, size);
	return 0;
}

/* Have more bytes room?  room gets how many have. */
static int
has_room(
    const struct maildirsize *size, unsigned long long more, unsigned long long *room)
{
	unsigned long long used = (unsigned long long)size->bytes;

	*room = used <= size->quota ? size->quota - used : 0;
	return used <= size->quota && more <= *room;
}

/* Has path changed since the time t, or in the same tick of the clock? */
static int
has_changed(int maildir, const char *path, const struct timespec *t)
{
	struct stat st;

	if (fstatat(maildir, path, &st, 0) == -1)
		return 0;
	if (st.st_mtim.tv_sec != t->tv_sec)
		return st.st_mtim.tv_sec > t->tv_sec;
	return st.st_mtim.tv_nsec >= t->tv_nsec;
}

/*
 * Can "full" be believed?  Not when messages came after the counting, were removed by a
 * program that does not note it, or (from folders, too) could have been.
 */
static int
is_fresh(int maildir, const struct maildirsize *size, const struct timespec *written)
{
	time_t age = time(NULL) - written->tv_sec;

	/* a clock set back must not make it fresh for ever */
	return size->lines <= 1 && age >= 0 && age < OLD &&
	       !has_changed(maildir, "cur", written) &&
	       !has_changed(maildir, "new", written);
}

int
maildirsize_renew(int maildir, unsigned long long quota)
{
	struct maildirsize size;

	return count_anew(&size, maildir, quota, 0);
}

int
maildirsize_room(int maildir, unsigned long long quota, unsigned long long more,
    size_t most, unsigned long long *room)
{
	struct maildirsize size;
	struct timespec written;
	int r, was_full = 0;

	*room = ~0ull;
	if (quota == 0)
		return MAILDIRSIZE_FITS;
	if (more > quota)
		return MAILDIRSIZE_NEVER;
	r = read_file(&size, maildir, &written);
	if (r == -1)
		return -1;
	if (r == 1 && size.quota == quota) {
		if (has_room(&size, more, room))
			return MAILDIRSIZE_FITS;
		if (is_fresh(maildir, &size, &written))
			return MAILDIRSIZE_FULL;
		was_full = 1;
	}
	if (count_anew(&size, maildir, quota, most) == -1) {
		if (most == 0 || errno != E2BIG)
			return -1;
		return was_full ? MAILDIRSIZE_WAS_FULL : MAILDIRSIZE_UNCOUNTED;
	}
	return has_room(&size, more, room) ? MAILDIRSIZE_FITS : MAILDIRSIZE_FULL;
}

int
maildirsize_fits(
    int maildir, unsigned long long quota, unsigned long long more, size_t most)
{
	unsigned long long room;

	return maildirsize_room(maildir, quota, more, most, &room);
}

/* A number and its sign at p.  Returns its end. */
static char *
put_signed(char *p, long long n)
{
	if (n < 0)
		*p++ = '-';
	text_decimal(p, n < 0 ? 0 - (unsigned long long)n : (unsigned long long)n);
	return p + strlen(p);
}

int
maildirsize_add(int maildir, long long bytes, long long messages)
{
	char line[2 * DECIMAL_MAX + 4], *p;
	struct stat st;
	int fd, r, saved;

	fd = open_file(maildir, O_WRONLY | O_APPEND, &st);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	p = put_signed(line, bytes);
	*p++ = ' ';
	p = put_signed(p, messages);
	*p++ = '\n';
	if (st.st_size > GROWN_MAX)
		r = unlinkat(maildir, MAILDIRSIZE, 0);
	else
		r = durable_write(fd, line, (size_t)(p - line));
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}
