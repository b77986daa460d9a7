#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch/farewell.h"
#include "lib/deadline.h"

void
farewell(int fd, unsigned seconds)
{
	int64_t at = deadline_now() + (int64_t)seconds * 1000;
	char thrown_away[512];

	if (shutdown(fd, SHUT_WR) == -1)
		return; /* not a socket, or no longer connected */
	while (deadline_wait(fd, POLLIN, at) == 0 &&
	       recv(fd, thrown_away, sizeof(thrown_away), 0) > 0)
		;
}
