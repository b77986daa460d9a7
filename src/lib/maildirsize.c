#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* A signed number at s[*i..len).  Returns 1, or 0. */
static int
scan_signed(const char *s, size_t len, size_t *i, long long *n)
{
	unsigned long long amount;
	int negative = *i < len && s[*i] == '-';
	size_t start = *i + (size_t)negative, end = start;

	while (end < len && s[end] >= '0' && s[end] <= '9')
		end++;
	if (!text_number(s + start, end - start, MAILDIRCOUNT_MAX, &amount))
		return 0;
	*n = negative ? -(long long)amount : (long long)amount;
	*i = end;
	return 1;
}

static size_t
skip_blanks(const char *s, size_t len, size_t i)
{
	while (i < len && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r'))
		i++;
	return i;
}

/* "BYTES MESSAGES", padded with blanks as Courier does.  Returns 1, or 0. */
static int
add_line(struct maildirsize *size, const char *s, size_t len)
{
	long long bytes, messages;
	size_t i = skip_blanks(s, len, 0), after;

	if (!scan_signed(s, len, &i, &bytes))
		return 0;
	after = skip_blanks(s, len, i);
	if (after == i || !scan_signed(s, len, &after, &messages) ||
	    skip_blanks(s, len, after) != len)
		return 0;
	size->bytes += bytes;
	size->messages += messages;
	size->lines++;
	return 1;
}

/* "BYTESS", or with a limit on messages too, which is read over.  Returns 1, or 0. */
static int
parse_quota(struct maildirsize *size, const char *s, size_t len)
{
	unsigned long long n;
	const char *comma;
	size_t item;

	for (;;) {
		comma = memchr(s, ',', len);
		item = comma != NULL ? (size_t)(comma - s) : len;
		if (item < 2 || !text_number(s, item - 1, LLONG_MAX, &n))
			return 0;
		if (s[item - 1] == 'S')
			size->quota = n;
		else if (s[item - 1] != 'C')
			return 0;
		if (comma == NULL)
			return 1;
		s += item + 1;
		len -= item + 1;
	}
}

int
maildirsize_parse(struct maildirsize *size, const char *s, size_t len)
{
	const char *end = memchr(s, '\n', len);

	memset(size, 0, sizeof(*size));
	if (len > MAILDIRSIZE_MAX || end == NULL ||
	    !parse_quota(size, s, (size_t)(end - s)))
		return 0;
	for (;;) {
		len -= (size_t)(end + 1 - s);
		s = end + 1;
		if (len == 0)
			break;
		end = memchr(s, '\n', len);
		if (end == NULL || !add_line(size, s, (size_t)(end - s)))
			return 0;
	}
	return size->bytes >= 0 && size->messages >= 0;
}

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

/* As maildirsize_read, with the file's age in seconds. */
static int
read_file(struct maildirsize *size, int maildir, time_t *age)
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
	*age = time(NULL) - st.st_mtime;
	return (size_t)r < sizeof(buf) && maildirsize_parse(size, buf, (size_t)r);
}

int
maildirsize_read(struct maildirsize *size, int maildir)
{
	time_t age;

	return read_file(size, maildir, &age);
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
count_anew(struct maildirsize *size, int maildir, unsigned long long quota)
{
	int r, tries;

	size->quota = quota;
	/* where mail comes and goes all the time, nearly right must do */
	for (tries = 0, r = 0; r == 0 && tries < 2; tries++)
		r = maildircount(maildir, &size->bytes, &size->messages);
	if (r == -1)
		return -1;
	write_file(maildir, size);
	return 0;
}

static int
has_room(const struct maildirsize *size, unsigned long long more)
{
	unsigned long long used = (unsigned long long)size->bytes;

	return used <= size->quota && more <= size->quota - used;
}

int
maildirsize_fits(int maildir, unsigned long long quota, unsigned long long more)
{
	struct maildirsize size;
	time_t age;
	int r;

	if (quota == 0)
		return MAILDIRSIZE_FITS;
	if (more > quota)
		return MAILDIRSIZE_NEVER;
	r = read_file(&size, maildir, &age);
	if (r == -1)
		return -1;
	/* a clock set back must not make the file young for ever */
	if (r == 1 && size.quota == quota &&
	    (has_room(&size, more) || (size.lines <= 1 && age >= 0 && age < OLD)))
		return has_room(&size, more) ? MAILDIRSIZE_FITS : MAILDIRSIZE_FULL;
	if (count_anew(&size, maildir, quota) == -1)
		return -1;
	return has_room(&size, more) ? MAILDIRSIZE_FITS : MAILDIRSIZE_FULL;
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
