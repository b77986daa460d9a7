#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/ip_connect.h"

int
ip_connect(const unsigned char ip[16], unsigned port, unsigned seconds)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct sockaddr_in6 six = {
	    .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
	struct sockaddr_in four = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int is_four = memcmp(ip, mapped, sizeof(mapped)) == 0, error = 0, fd;
	int on = 1;
	socklen_t len = sizeof(error);

	memcpy(&six.sin6_addr, ip, 16);
	memcpy(&four.sin_addr, ip + 12, 4);
	fd = socket(
	    is_four ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	/* what we write is whole, and must not wait for the acknowledgement of what went
	 * before */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if ((is_four ? connect(fd, (struct sockaddr *)&four, sizeof(four))
		     : connect(fd, (struct sockaddr *)&six, sizeof(six))) == 0)
		return fd;
	if (errno == EINPROGRESS &&
	    deadline_wait(fd, POLLOUT, deadline_now() + seconds * INT64_C(1000)) == 0) {
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && !error)
			return fd;
		errno = error;
	}
	error = errno;
	close(fd);
	errno = error;
	return -1;
}
