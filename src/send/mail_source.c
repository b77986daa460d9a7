#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dotstuff.h"
#include "lib/durable.h"
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

/* Copy all of the stream fd to an unnamed file: its descriptor, or -1. */
static int
spool(int fd)
{
	char buf[16384];
	ssize_t r;
	int copy;

	copy = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (copy == -1)
		copy = memfd_create("message", MFD_CLOEXEC);
	if (copy == -1)
		return -1;
	do {
		r = read(fd, buf, sizeof(buf));
		if (r > 0 && durable_write(copy, buf, (size_t)r) == -1)
			r = -2;
	} while (r > 0 || (r == -1 && errno == EINTR));
	if (r == 0)
		return copy;
	close(copy);
	return -1;
}

int
mail_source_take(struct mail_source *m, int fd)
{
	struct stat st;

	memset(m, 0, sizeof(*m));
	m->fd = fd;
	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		m->fd = spool(fd);
		if (m->fd == -1 || fstat(m->fd, &st) == -1)
			return -1;
	} else {
		m->offset = lseek(fd, 0, SEEK_CUR);
		if (m->offset == -1)
			return -1;
	}
	m->length = st.st_size > m->offset ? st.st_size - m->offset : 0;
	return 0;
}

static int
has_eight_bit(const char *s, size_t len)
{
	size_t i, word, bits = 0;

	for (i = 0; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, s + i, sizeof(word));
		bits |= word;
	}
	for (; i < len; i++)
		bits |= (unsigned char)s[i];
	return (bits & (size_t)0x8080808080808080) != 0;
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

int
mail_source_measure(struct mail_source *m)
{
	struct dotstuff d = {0};
	char buf[16384];
	size_t column = 0;
	int ended = 0;
	off_t at = 0;
	ssize_t r;

	if (m->measured)
		return 0;
	while ((r = mail_source_read(m, buf, sizeof(buf), at)) > 0) {
		dotstuff_count(&d, buf, (size_t)r);
		m->has_eight_bit |= has_eight_bit(buf, (size_t)r);
		m->has_eight_bit_header |=
		    has_eight_bit(buf, header_length(buf, (size_t)r, &column, &ended));
		at += r;
	}
	if (r == -1)
		return -1;
	dotstuff_count_end(&d);
	m->octets = d.octets;
	m->measured = 1;
	return 0;
}
