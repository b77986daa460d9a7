#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "front/listener.h"
#include "lib/text_decimal.h"

#define EVERY "0" /* address */

/* Returns the length of the address, or 0 when ip is none. */
static socklen_t
make_address(union listener_address *address, const char *ip, unsigned port)
{
	memset(address, 0, sizeof *address);
	if (inet_pton(AF_INET, ip, &address->v4.sin_addr) == 1) {
		address->any.sa_family = AF_INET;
		address->v4.sin_port = htons((uint16_t)port);
		return sizeof address->v4;
	}
	if (strcmp(ip, EVERY) == 0)
		address->v6.sin6_addr = in6addr_any;
	else if (inet_pton(AF_INET6, ip, &address->v6.sin6_addr) != 1)
		return 0;
	address->any.sa_family = AF_INET6;
	address->v6.sin6_port = htons((uint16_t)port);
	return sizeof address->v6;
}

int
listener_open(const char *ip, unsigned port, unsigned backlog)
{
	union listener_address address;
	socklen_t len = make_address(&address, ip, port);
	int fd, saved, only_v6 = strcmp(ip, EVERY) != 0;

	if (len == 0) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1) /* a kernel without IPv6 */
		return errno == EAFNOSUPPORT && !only_v6
			   ? listener_open("0.0.0.0", port, backlog)
			   : -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) == 0 &&
	    (address.any.sa_family == AF_INET || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY,
						     &only_v6, sizeof only_v6) == 0) &&
	    bind(fd, &address.any, len) == 0 && listen(fd, (int)backlog) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static unsigned
port_of(const union listener_address *address)
{
	return ntohs(address->any.sa_family == AF_INET ? address->v4.sin_port
						       : address->v6.sin6_port);
}

unsigned
listener_port(int fd)
{
	union listener_address address;
	socklen_t len = sizeof address;

	return getsockname(fd, &address.any, &len) == -1 ? 0 : port_of(&address);
}

/* Set the variables of one end.  Returns 0, or -1 with errno. */
static int
set_end(const union listener_address *address, const char *ip_name, const char *port_name)
{
	char ip[INET6_ADDRSTRLEN], digits[DECIMAL_MAX];
	const unsigned char *bytes = address->v6.sin6_addr.s6_addr;
	const char *r;

	if (address->any.sa_family == AF_INET)
		r = inet_ntop(AF_INET, &address->v4.sin_addr, ip, sizeof ip);
	else if (IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr))
		r = inet_ntop(AF_INET, bytes + 12, ip, sizeof ip);
	else
		r = inet_ntop(AF_INET6, bytes, ip, sizeof ip);
	return r == NULL || setenv(ip_name, ip, 1) == -1 ||
		       setenv(port_name, text_decimal(digits, port_of(address)), 1) == -1
		   ? -1
		   : 0;
}

int
listener_describe(int fd, const union listener_address *remote)
{
	union listener_address local;
	socklen_t len = sizeof local;
	int is_v6 = remote->any.sa_family == AF_INET6 &&
		    !IN6_IS_ADDR_V4MAPPED(&remote->v6.sin6_addr);

	if (getsockname(fd, &local.any, &len) == -1 ||
	    set_end(&local, "TCPLOCALIP", "TCPLOCALPORT") == -1 ||
	    set_end(remote, "TCPREMOTEIP", "TCPREMOTEPORT") == -1)
		return -1;
	return setenv("PROTO", is_v6 ? "TCP6" : "TCP", 1);
}
