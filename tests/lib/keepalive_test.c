#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/keepalive.h"

static int
option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof value;

	ATF_REQUIRE_EQ(0, getsockopt(fd, level, name, &value, &len));
	return value;
}

ATF_TC_WITHOUT_HEAD(a_peer_is_missed_after_the_time);
ATF_TC_BODY(a_peer_is_missed_after_the_time, tc)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ATF_REQUIRE(fd != -1);
	ATF_CHECK_EQ(0, option(fd, SOL_SOCKET, SO_KEEPALIVE));
	keepalive_begin(fd);
	ATF_CHECK_EQ(1, option(fd, SOL_SOCKET, SO_KEEPALIVE));
	ATF_CHECK_EQ(KEEPALIVE_SECONDS, option(fd, IPPROTO_TCP, TCP_KEEPIDLE) +
					    option(fd, IPPROTO_TCP, TCP_KEEPCNT) *
						option(fd, IPPROTO_TCP, TCP_KEEPINTVL));
	ATF_CHECK_EQ(KEEPALIVE_SECONDS * 1000, option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT));
	close(fd);
}

ATF_TC_WITHOUT_HEAD(other_descriptors_stay_as_they_are);
ATF_TC_BODY(other_descriptors_stay_as_they_are, tc)
{
	int fds[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	keepalive_begin(fds[0]);
	ATF_CHECK_EQ(0, option(fds[0], SOL_SOCKET, SO_KEEPALIVE));
	keepalive_begin(-1);
	ATF_REQUIRE_EQ(0, pipe(fds));
	keepalive_begin(fds[0]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_peer_is_missed_after_the_time);
	ATF_TP_ADD_TC(tp, other_descriptors_stay_as_they_are);
	return atf_no_error();
}
