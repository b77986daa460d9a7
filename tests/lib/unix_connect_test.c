#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/unix_connect.h"

static int
descriptors(void)
{
	DIR *list = opendir("/proc/self/fd");
	int n = 0;

	ATF_REQUIRE(list != NULL);
	while (readdir(list) != NULL)
		n++;
	closedir(list);
	return n;
}

ATF_TC_WITHOUT_HEAD(connections_are_made_or_their_failure_told);
ATF_TC_BODY(connections_are_made_or_their_failure_told, tc)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "x.sock"};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), sock, before;
	char name[200];

	ATF_REQUIRE_EQ(0, bind(listener, (struct sockaddr *)&address, sizeof(address)));
	before = descriptors();
	ATF_CHECK_EQ(-1, unix_connect("x.sock", 1));
	ATF_CHECK_EQ(ECONNREFUSED, errno);
	ATF_CHECK_EQ(-1, unix_connect("missing.sock", 1));
	ATF_CHECK_EQ(ENOENT, errno);
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ATF_CHECK_EQ(-1, unix_connect(name, 1));
	ATF_CHECK_EQ(ENAMETOOLONG, errno);
	ATF_CHECK_EQ(before, descriptors());
	ATF_REQUIRE_EQ(0, listen(listener, 5));
	sock = unix_connect("x.sock", 1);
	ATF_REQUIRE(sock != -1);
	ATF_CHECK(fcntl(sock, F_GETFD) & FD_CLOEXEC);
}

ATF_TC_WITHOUT_HEAD(a_listener_whose_queue_is_full_holds_nobody);
ATF_TC_BODY(a_listener_whose_queue_is_full_holds_nobody, tc)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "x.sock"};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	int64_t began = deadline_now();

	ATF_REQUIRE_EQ(0, bind(listener, (struct sockaddr *)&address, sizeof(address)));
	ATF_REQUIRE_EQ(0, listen(listener, 0));
	ATF_REQUIRE(unix_connect("x.sock", 1) != -1);
	ATF_CHECK_EQ(-1, unix_connect("x.sock", 1));
	ATF_CHECK_EQ(EAGAIN, errno);
	ATF_CHECK(deadline_now() - began < 20 * 1000);
}

ATF_TC_WITHOUT_HEAD(with_no_seconds_it_neither_waits_nor_blocks);
ATF_TC_BODY(with_no_seconds_it_neither_waits_nor_blocks, tc)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "x.sock"};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), sock;
	int64_t began = deadline_now();

	ATF_REQUIRE_EQ(0, bind(listener, (struct sockaddr *)&address, sizeof(address)));
	ATF_REQUIRE_EQ(0, listen(listener, 0));
	sock = unix_connect("x.sock", 0);
	ATF_REQUIRE(sock != -1);
	ATF_CHECK(fcntl(sock, F_GETFL) & O_NONBLOCK);
	ATF_CHECK_EQ(-1, unix_connect("x.sock", 0));
	ATF_CHECK_EQ(EAGAIN, errno);
	ATF_CHECK(deadline_now() - began < 900);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, connections_are_made_or_their_failure_told);
	ATF_TP_ADD_TC(tp, a_listener_whose_queue_is_full_holds_nobody);
	ATF_TP_ADD_TC(tp, with_no_seconds_it_neither_waits_nor_blocks);
	return atf_no_error();
}
