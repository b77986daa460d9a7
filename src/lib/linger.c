#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/linger.h"

void
linger(int in, int out)
{
	int64_t until = deadline_now() + LINGER_SECONDS * INT64_C(1000);
	char thrown_away[4096];
	size_t taken = 0;
	ssize_t r;

	if (shutdown(out, SHUT_WR) == -1)
		return; /* not a socket, or no longer connected */
	while (taken < LINGER_BYTES && deadline_wait(in, POLLIN, until) == 0) {
		r = read(in, thrown_away, sizeof thrown_away);
		if (r <= 0)
			break;
		taken += (size_t)r;
	}
}
