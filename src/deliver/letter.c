#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "deliver/letter.h"
#include "lib/dotstuff.h"

const char *
letter_start(const struct letter *letter)
{
	return letter->text + LETTER_HEAD;
}

/* Returns 0, or -1 with errno. */
static int
read_message(struct letter *l, const struct job *job)
{
	size_t want = job->length < LETTER_MAX ? (size_t)job->length : LETTER_MAX;
	ssize_t r;

	l->number = 0;
	l->is_counted = 0;
	l->is_whole = job->length <= LETTER_MAX;
	for (l->len = 0; l->len < want; l->len += (size_t)r) {
		do
			r = pread(job->fd, l->text + LETTER_HEAD + l->len, want - l->len,
			    job->offset + (off_t)l->len);
		while (r == -1 && errno == EINTR);
		if (r == 0)
			errno = EIO; /* it has been cut since its length was told */
		if (r <= 0)
			return -1;
	}
	l->number = job->number;
	return 0;
}

struct letter *
letter_take(struct letter_box *letters, const struct job *job)
{
	struct letter *l = &letters->list[job->number % LETTER_SLOTS];

	if (l->number == job->number && job->number != 0)
		return l;
	return read_message(l, job) == -1 ? NULL : l;
}

/* As a message is counted when it is copied piece by piece: an unfinished line is ended.
 */
static void
count(struct letter *l)
{
	struct dotstuff d = {0};

	dotstuff_count(&d, letter_start(l), l->len);
	if (d.line_begun || d.cr_held) {
		dotstuff_count(&d, "\n", 1);
		l->text[LETTER_HEAD + l->len++] = '\n';
	}
	dotstuff_count_end(&d);
	l->octets = d.octets;
	l->is_counted = 1;
}

const char *
letter_with_head(struct letter *l, const stralloc *head, size_t *len, uint64_t *octets)
{
	struct dotstuff d = {0};
	char *start = l->text + LETTER_HEAD - head->len;

	if (!l->is_whole || head->len > LETTER_HEAD)
		return NULL;
	if (!l->is_counted)
		count(l);
	memcpy(start, head->s, head->len);
	dotstuff_count(&d, head->s, head->len);
	*len = head->len + l->len;
	*octets = d.octets + l->octets;
	return start;
}
