#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

#include "lib/keepalive.h"

#define IDLE 60     /* seconds of silence before the first question */
#define INTERVAL 15 /* between two */
#define COUNT ((KEEPALIVE_SECONDS - IDLE) / INTERVAL)

void
keepalive_begin(int fd)
{
	static const struct option {
		int level, name, value;
	} options[] = {
	    {IPPROTO_TCP, TCP_KEEPIDLE, IDLE},
	    {IPPROTO_TCP, TCP_KEEPINTVL, INTERVAL},
	    {IPPROTO_TCP, TCP_KEEPCNT, COUNT},
	    {IPPROTO_TCP, TCP_USER_TIMEOUT, KEEPALIVE_SECONDS * 1000},
	    {SOL_SOCKET, SO_KEEPALIVE, 1},
	};
	size_t i;

	for (i = 0; i < sizeof options / sizeof *options; i++)
		if (setsockopt(fd, options[i].level, options[i].name, &options[i].value,
			sizeof(int)) == -1)
			return;
}
