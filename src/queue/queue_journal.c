#include "queue/queue_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/text.h"

#define TEXT_MAX 1000
#define STATUS_MAX 9 /* 5.999.999: RFC 3463, 2 */
#define INDEX_MAX 0xffffffffu

/* The word at *s, up to the next blank; *s is then behind that. */
static int
word(const char **s, const char *end, const char **start, size_t *len)
{
	const char *blank = memchr(*s, ' ', end - *s);

	if (!blank || blank == *s)
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
queue_entry_parse(struct queue_entry *entry, const char *s, size_t len)
{
	const char *end = s + len, *state;
	unsigned long long time, index;
	size_t state_len;

	if (len >= QUEUE_LINE_MAX || memchr(s, '\0', len))
		return 0;
	if (!number(&s, end, INT64_MAX, &time) || !word(&s, end, &state, &state_len) ||
	    state_len != 1 || !strchr(QUEUE_LETTERS, *state) ||
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
queue_entry_is_try(char state, const char *status, size_t status_len)
{
	return strchr("KZD", state) &&
	       (status_len != sizeof QUEUE_EXPIRED - 1 ||
		   memcmp(status, QUEUE_EXPIRED, status_len) != 0);
}

static int
is_status(const char *s)
{
	size_t len = strspn(s, "0123456789.");

	return len >= 5 && len <= STATUS_MAX && s[len] == '\0' && s[1] == '.';
}

void
queue_entry_put(stralloc *sa, int64_t time, char state, size_t index, const char *status,
    const char *text)
{
	char seconds[DECIMAL_MAX], number[DECIMAL_MAX],
	    letter[] = {' ', state, ' ', '\0'};

	text_cat(sa, text_decimal(seconds, time > 0 ? time : 0), letter,
	    text_decimal(number, index), " ", is_status(status) ? status : "-", " ",
	    (char *)0);
	text_cat_printable(sa, text, strlen(text), TEXT_MAX);
	text_catb(sa, "\n", 1);
}

/* What is being read: a piece of the journal with the beginning of its next line. */
struct reader {
	char buf[16384];
	size_t len;
	int skipping; /* inside a line that is too long to be one of ours */
	void (*take)(void *, const struct queue_entry *);
	void *context;
};

static void
take_lines(struct reader *r)
{
	struct queue_entry entry;
	char *s = r->buf, *end = r->buf + r->len, *newline;

	while ((newline = memchr(s, '\n', end - s))) {
		if (!r->skipping && queue_entry_parse(&entry, s, newline - s))
			r->take(r->context, &entry);
		r->skipping = 0;
		s = newline + 1;
	}
	r->len = end - s;
	if (r->len >= QUEUE_LINE_MAX) {
		r->skipping = 1;
		r->len = 0;
	}
	memmove(r->buf, s, r->len);
}

int
queue_journal_read(int fd, uint64_t offset, uint64_t size,
    void (*take)(void *context, const struct queue_entry *entry), void *context)
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
queue_journal_append(const char *path, int *torn, const char *lines, size_t len, int sync)
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
