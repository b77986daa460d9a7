#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "send/socket_address.h"

socklen_t
socket_address_make(
    struct sockaddr_storage *ss, const unsigned char ip[16], unsigned port)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *in = (struct sockaddr_in *)ss;

	memset(ss, 0, sizeof(*ss));
	if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)ip)) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		memcpy(&in->sin_addr, ip + 12, 4);
		return sizeof(*in);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons((uint16_t)port);
	memcpy(&in6->sin6_addr, ip, 16);
	return sizeof(*in6);
}

int
socket_address_take(unsigned char ip[16], const struct sockaddr_storage *ss)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)ss;
	const struct sockaddr_in *in = (const struct sockaddr_in *)ss;

	if (ss->ss_family == AF_INET) {
		memcpy(ip, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
		memcpy(ip + 12, &in->sin_addr, 4);
		return 1;
	}
	memcpy(ip, &in6->sin6_addr, 16);
	return ss->ss_family == AF_INET6;
}
