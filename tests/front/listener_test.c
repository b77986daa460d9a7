#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "front/listener.h"

/* A connection to the port of fd on the address; what it is for the server. */
static int
come(int listening, int family, const char *bytes, union listener_address *remote)
{
	union listener_address to = {.any.sa_family = (sa_family_t)family};
	in_port_t port = htons((uint16_t)listener_port(listening));
	socklen_t len = sizeof *remote;
	int client = socket(family, SOCK_STREAM, 0), fd;

	if (family == AF_INET) {
		memcpy(&to.v4.sin_addr, bytes, 4);
		to.v4.sin_port = port;
	} else {
		memcpy(&to.v6.sin6_addr, bytes, 16);
		to.v6.sin6_port = port;
	}
	ATF_REQUIRE_EQ(0, connect(client, &to.any, sizeof to));
	/* it does not block, so the connection must be there */
	fd = accept(listening, &remote->any, &len);
	ATF_REQUIRE(fd != -1);
	close(client);
	return fd;
}

ATF_TC_WITHOUT_HEAD(every_address_is_of_both_kinds);
ATF_TC_BODY(every_address_is_of_both_kinds, tc)
{
	union listener_address remote;
	int listening = listener_open("0", 0, 9), fd;

	ATF_REQUIRE(listening != -1);
	fd = come(listening, AF_INET, "\x7f\0\0\2", &remote);
	ATF_CHECK_EQ(0, listener_describe(fd, &remote));
	ATF_CHECK_STREQ("TCP", getenv("PROTO"));
	ATF_CHECK_STREQ("127.0.0.2", getenv("TCPLOCALIP"));
	ATF_CHECK_STREQ("127.0.0.1", getenv("TCPREMOTEIP"));
	ATF_CHECK_EQ(listener_port(listening), (unsigned)atoi(getenv("TCPLOCALPORT")));
	close(fd);
	fd = come(listening, AF_INET6, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", &remote);
	ATF_CHECK_EQ(0, listener_describe(fd, &remote));
	ATF_CHECK_STREQ("TCP6", getenv("PROTO"));
	ATF_CHECK_STREQ("::1", getenv("TCPLOCALIP"));
	ATF_CHECK_STREQ("::1", getenv("TCPREMOTEIP"));
	ATF_CHECK_EQ(ntohs(remote.v6.sin6_port), (unsigned)atoi(getenv("TCPREMOTEPORT")));
}

ATF_TC_WITHOUT_HEAD(an_address_is_of_its_kind);
ATF_TC_BODY(an_address_is_of_its_kind, tc)
{
	union listener_address remote;
	int listening = listener_open("127.0.0.1", 0, 9);

	ATF_REQUIRE(listening != -1);
	ATF_CHECK_EQ(0,
	    listener_describe(come(listening, AF_INET, "\x7f\0\0\1", &remote), &remote));
	ATF_CHECK_STREQ("TCP", getenv("PROTO"));
	ATF_CHECK_EQ(-1, accept(listening, NULL, NULL));
	ATF_CHECK_EQ(EAGAIN, errno);
	/* :: alone takes no IPv4 */
	ATF_REQUIRE((listening = listener_open("::", 0, 9)) != -1);
	ATF_REQUIRE(listener_open("0.0.0.0", listener_port(listening), 9) != -1);
}

ATF_TC_WITHOUT_HEAD(what_is_no_address_is_not_listened_on);
ATF_TC_BODY(what_is_no_address_is_not_listened_on, tc)
{
	static const char *const wrong[] = {
	    "", "localhost", "127.0.0.1 ", "1", "127.0.0.256", ":", "::1%lo", "00"};
	size_t i;
	int fd;

	for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		ATF_CHECK_EQ(-1, listener_open(wrong[i], 0, 9));
		ATF_CHECK_EQ(EINVAL, errno);
	}
	fd = listener_open("127.0.0.1", 0, 9);
	ATF_CHECK_EQ(-1, listener_open("127.0.0.1", listener_port(fd), 9));
	ATF_CHECK_EQ(EADDRINUSE, errno);
	ATF_CHECK_EQ(-1, listener_describe(-1, &(union listener_address){0}));
	ATF_CHECK_EQ(0, listener_port(-1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_address_is_of_both_kinds);
	ATF_TP_ADD_TC(tp, an_address_is_of_its_kind);
	ATF_TP_ADD_TC(tp, what_is_no_address_is_not_listened_on);
	return atf_no_error();
}
