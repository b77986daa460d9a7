#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/dotstuff.h"
#include "lib/spool_take.h"
#include "lib/utf8.h"
#include "send/mail_source.h"

ssize_t
mail_source_read(const struct mail_source *m, char *buf, size_t len, off_t at)
{
	ssize_t r;

	if (at >= m->length)
		return 0;
	if ((off_t)len > m->length - at)
		len = (size_t)(m->length - at);
	do
		r = pread(m->fd, buf, len, m->offset + at);
	while (r == -1 && errno == EINTR);
	if (r == 0) {
		errno = EIO;
		return -1;
	}
	return r;
}

int
mail_source_take(struct mail_source *m, int fd)
{
	memset(m, 0, sizeof(*m));
	m->fd = spool_take(fd, &m->offset, &m->length);
	return m->fd == -1 ? -1 : 0;
}

/*
 * How many bytes of the piece s[0..len) belong to the header; *ended is set when it ends
 * there, *column is 0 at the beginning of a line.
 */
static size_t
header_length(const char *s, size_t len, size_t *column, int *ended)
{
	size_t i;

	for (i = 0; i < len && !*ended; i++) {
		if (s[i] != '\n')
			(*column)++;
		else if (*column == 0)
			*ended = 1;
		else
			*column = 0;
	}
	return i;
}

/* Does one of the lines in the piece s[0..len) go beyond max?  *column as above. */
static int
has_long_line(const char *s, size_t len, size_t max, size_t *column)
{
	const char *end = s + len, *lf;
	size_t n;

	for (; s < end; s = lf + 1) {
		lf = memchr(s, '\n', (size_t)(end - s));
		n = (size_t)((lf != NULL ? lf : end) - s);
		*column += n;
		if (*column - (lf != NULL && n > 0 && lf[-1] == '\r') > max)
			return 1;
		if (lf == NULL)
			break;
		*column = 0;
	}
	return 0;
}

int
mail_source_measure(struct mail_source *m)
{
	struct dotstuff d = {0};
	char buf[16384];
	size_t column = 0, width = 0;
	int ended = 0;
	off_t at = 0;
	ssize_t r;

	if (m->measured)
		return 0;
	while ((r = mail_source_read(m, buf, sizeof(buf), at)) > 0) {
		dotstuff_count(&d, buf, (size_t)r);
		m->has_eight_bit |= !utf8_is_ascii(buf, (size_t)r);
		m->has_eight_bit_header |=
		    !utf8_is_ascii(buf, header_length(buf, (size_t)r, &column, &ended));
		if (m->line_max > 0 && !m->has_long_line)
			m->has_long_line =
			    has_long_line(buf, (size_t)r, m->line_max, &width);
		at += r;
	}
	if (r == -1)
		return -1;
	dotstuff_count_end(&d);
	m->octets = d.octets;
	m->measured = 1;
	return 0;
}
