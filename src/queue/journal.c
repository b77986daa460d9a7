#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/text.h"
#include "queue/journal.h"

#define STATUS_MAX 9 /* 5.999.999: RFC 3463, 2 */
#define INDEX_MAX 0xffffffffu

/* The word at *s, up to the next blank; *s is then behind that. */
static int
word(const char **s, const char *end, const char **start, size_t *len)
{
	const char *blank = memchr(*s, ' ', end - *s);

	if (blank == NULL || blank == *s)
		return 0;
	*start = *s;
	*len = blank - *s;
	*s = blank + 1;
	return 1;
}

static int
number(const char **s, const char *end, unsigned long long max, unsigned long long *n)
{
	const char *start;
	size_t len;

	return word(s, end, &start, &len) && text_number(start, len, max, n);
}

int
journal_parse(struct journal_entry *entry, const char *s, size_t len)
{
	const char *end = s + len, *state;
	unsigned long long time, index;
	size_t state_len;

	if (len >= JOURNAL_LINE_MAX || memchr(s, '\0', len) != NULL)
		return 0;
	if (!number(&s, end, INT64_MAX, &time) || !word(&s, end, &state, &state_len) ||
	    state_len != 1 || strchr(JOURNAL_LETTERS, *state) == NULL ||
	    !number(&s, end, INDEX_MAX, &index) ||
	    !word(&s, end, &entry->status, &entry->status_len))
		return 0;
	entry->time = time;
	entry->state = *state;
	entry->index = index;
	entry->text = s;
	entry->text_len = end - s;
	return 1;
}

int
journal_is_try(char state, const char *status, size_t status_len)
{
	return strchr("KZD", state) != NULL &&
	       (status_len != sizeof JOURNAL_EXPIRED - 1 ||
		   memcmp(status, JOURNAL_EXPIRED, status_len) != 0);
}

static int
is_status(const char *s)
{
	size_t len = strspn(s, "0123456789.");

	return len >= 5 && len <= STATUS_MAX && s[len] == '\0' && s[1] == '.';
}

void
journal_put(stralloc *sa, int64_t time, char state, size_t index, const char *status,
    const char *text)
{
	char seconds[DECIMAL_MAX], number[DECIMAL_MAX],
	    letter[] = {' ', state, ' ', '\0'};

	text_cat(sa, text_decimal(seconds, time > 0 ? time : 0), letter,
	    text_decimal(number, index), " ", is_status(status) ? status : "-", " ",
	    (char *)NULL);
	text_cat_printable(sa, text, strlen(text), OUTCOME_TEXT_MAX);
	text_catb(sa, "\n", 1);
}

void
journal_put_outcome(stralloc *sa, int64_t time, size_t index, const struct outcome *o)
{
	journal_put(sa, time, o->letter, index, o->status, o->text.s);
}

/*
 * Some 50 attempts with the longest texts for each of many recipients, and ten thousand
 * for a few: more than the schedule makes in a week.
 */
uint64_t
journal_most(size_t recipients)
{
	return (4u << 20) + (uint64_t)recipients * (64u << 10);
}

/* What is being read: a piece of the journal with the beginning of its next line. */
struct reader {
	char buf[16384];
	size_t len;
	int skipping; /* inside a line that is too long to be one of ours */
	void (*take)(void *, const struct journal_entry *);
	void *context;
};

static void
take_lines(struct reader *r)
{
	struct journal_entry entry;
	char *s = r->buf, *end = r->buf + r->len, *newline;

	while ((newline = memchr(s, '\n', end - s)) != NULL) {
		if (!r->skipping && journal_parse(&entry, s, newline - s))
			r->take(r->context, &entry);
		r->skipping = 0;
		s = newline + 1;
	}
	r->len = end - s;
	if (r->len >= JOURNAL_LINE_MAX) {
		r->skipping = 1;
		r->len = 0;
	}
	memmove(r->buf, s, r->len);
}

int
journal_read(int fd, uint64_t offset, uint64_t size,
    void (*take)(void *context, const struct journal_entry *entry), void *context)
{
	struct reader r = {.take = take, .context = context};

	while (offset < size) {
		size_t want = sizeof r.buf - r.len;
		ssize_t got;

		if (want > size - offset)
			want = size - offset;
		got = pread(fd, r.buf + r.len, want, offset);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return -1;
		if (got == 0)
			break;
		r.len += got;
		offset += got;
		take_lines(&r);
	}
	return r.len == 0 && !r.skipping;
}

/* In one write, so that lines are not torn while we live; but a full disk takes a part.
 */
static int
append(int fd, int torn, const char *lines, size_t len, int sync)
{
	struct iovec parts[2] = {{"\n", torn ? 1 : 0}, {(char *)lines, len}};
	ssize_t r = writev(fd, parts, 2);

	if (r == -1)
		return -1;
	if ((size_t)r == parts[0].iov_len + len)
		return sync ? fdatasync(fd) : 0;
	errno = ENOSPC;
	return -1;
}

/*
 * The lines will be written again, so what there is of them goes: a part would swallow
 * the next line, and an attempt that stands there twice would count twice.  Who appends
 * holds the lock, so nobody has written behind it.
 */
static void
take_back(int fd, off_t size, int *torn)
{
	struct stat st;
	int saved = errno;

	if (fstat(fd, &st) == -1 || (st.st_size != size && ftruncate(fd, size) == -1))
		*torn = 1;
	errno = saved;
}

int
journal_append(const char *path, int *torn, const char *lines, size_t len, int sync)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), r;
	struct stat before;

	if (fd == -1)
		return -1;
	r = fstat(fd, &before);
	if (r == 0 && append(fd, *torn, lines, len, sync) == -1) {
		take_back(fd, before.st_size, torn);
		r = -1;
	}
	if (r == -1) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	/* NFS may say only now that there was no room */
	*torn = close(fd) == -1;
	return *torn ? -1 : 0;
}
