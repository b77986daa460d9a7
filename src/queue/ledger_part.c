#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/heap.h"
#include "queue/header.h"
#include "queue/ledger_part.h"
#include "queue/segment.h"

#define PART                                                                             \
	"journal." /* journal.GENERATION.OFFSET, or journal.NN for all of a segment */

int
ledger_part_is(const char *name)
{
	return strncmp(name, PART, strlen(PART)) == 0;
}

static char *
read_all(int fd, size_t *len)
{
	struct stat st;
	ssize_t r;
	char *s;

	if (fstat(fd, &st) == -1)
		return NULL;
	errno = EINVAL;
	if (!S_ISREG(st.st_mode) || st.st_size > SEGMENT_MAX)
		return NULL;
	s = heap_make(1, st.st_size + 1);
	r = pread(fd, s, st.st_size, 0);
	*len = r > 0 ? (size_t)r : 0;
	return s;
}

int
ledger_part_read(const char *path,
    void (*take)(void *context, const struct record *r, uint64_t at), void *context)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), saved;
	size_t len = 0;
	struct header h;
	struct record r;
	char *s;

	if (fd == -1)
		return -1;
	s = read_all(fd, &len);
	saved = errno;
	close(fd);
	errno = saved;
	if (s == NULL)
		return -1;
	for (size_t i = 0; i + RECORD_HEAD < len; ++i)
		if (s[i] == RECORD_MESSAGE && record_parse(&r, s + i, len - i) != -1 &&
		    r.len >= HEADER_LEN && header_parse(&h, r.body, r.len))
			take(context, &r, r.body - s);
	free(s);
	return 0;
}
