#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

#include "lib/read_at.h"

int
read_at(int fd, char *buf, size_t len, uint64_t offset)
{
	while (len > 0) {
		ssize_t r = pread(fd, buf, len, (off_t)offset);

		if (r == -1 && errno == EINTR)
			continue;
		if (r <= 0)
			return (int)r;
		buf += r;
		len -= (size_t)r;
		offset += (size_t)r;
	}
	return 1;
}
