#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "queue/trigger.h"

#define ROOM 64 /* bytes of a line */

/* In one write, as others write too; a full FIFO makes queue-run look by itself. */
void
trigger_pull(const char *line)
{
	char buf[ROOM + 1];
	size_t len = strnlen(line, ROOM);
	int fd = open("queue/trigger", O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd == -1)
		return;
	memcpy(buf, line, len);
	buf[len] = '\n';
	if (write(fd, buf, len + 1) == -1 && errno != EAGAIN)
		carpsys("unable to write to queue/trigger");
	close(fd);
}
