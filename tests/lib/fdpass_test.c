#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/fdpass.h"

static int ends[2];

static void
make_pair(void)
{
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
}

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

/* Send "a" with the n descriptors fds. */
static void
send_many(const int *fds, size_t n)
{
	char space[CMSG_SPACE(20 * sizeof(int))] __attribute__((aligned(8))) = {0};
	struct iovec part = {.iov_base = "a", .iov_len = 1};
	struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = space,
	    .msg_controllen = CMSG_SPACE(n * sizeof(int))};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(header), fds, n * sizeof(int));
	ATF_REQUIRE_EQ(1, sendmsg(ends[1], &message, 0));
}

ATF_TC_WITHOUT_HEAD(a_descriptor_comes_with_the_first_byte);
ATF_TC_BODY(a_descriptor_comes_with_the_first_byte, tc)
{
	int file = open("file", O_RDWR | O_CREAT, 0600), fd = -1, unchanged = -7;
	char buf[10];

	make_pair();
	ATF_REQUIRE_EQ(7, write(file, "content", 7));
	ATF_CHECK_EQ(3, fdpass_send(ends[1], "abc", 3, file));
	close(file);
	ATF_CHECK_EQ(1, fdpass_receive(ends[0], buf, 1, &fd));
	ATF_CHECK_EQ('a', buf[0]);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	ATF_CHECK_EQ(7, pread(fd, buf, sizeof(buf), 0));
	ATF_CHECK_EQ(2, fdpass_receive(ends[0], buf, sizeof(buf), &unchanged));
	ATF_CHECK_EQ(-7, unchanged);
}

ATF_TC_WITHOUT_HEAD(several_descriptors_come_in_their_order);
ATF_TC_BODY(several_descriptors_come_in_their_order, tc)
{
	int names[2] = {-1, -1}, got[3] = {-1, -1, -1};
	size_t n = 0;
	char c;

	make_pair();
	ATF_REQUIRE_EQ(0, pipe(names));
	ATF_CHECK_EQ(1, fdpass_send_all(ends[1], "a", 1, names, 2));
	ATF_CHECK_EQ(1, fdpass_receive_all(ends[0], &c, 1, got, 3, &n));
	ATF_REQUIRE_EQ(2, n);
	ATF_CHECK_EQ(-1, got[2]);
	ATF_CHECK_EQ(1, write(got[1], "x", 1));
	ATF_CHECK_EQ(1, read(got[0], &c, 1));
	ATF_CHECK_EQ('x', c);
}

ATF_TC_WITHOUT_HEAD(more_descriptors_than_one_are_closed);
ATF_TC_BODY(more_descriptors_than_one_are_closed, tc)
{
	int many[20], before, fd = -1;
	size_t i;
	char c;

	make_pair();
	for (i = 0; i < 20; i++)
		many[i] = ends[0];
	before = descriptors();
	send_many(many, 3);
	ATF_CHECK_EQ(1, fdpass_receive(ends[0], &c, 1, &fd));
	ATF_CHECK_EQ(before + 1, descriptors());
	close(fd);
	fd = -1;
	send_many(many, 20);
	ATF_CHECK_EQ(1, fdpass_receive(ends[0], &c, 1, &fd));
	ATF_CHECK_EQ(before + 1, descriptors());
	close(fd);
}

ATF_TC_WITHOUT_HEAD(a_peer_that_went_is_an_error_and_no_signal);
ATF_TC_BODY(a_peer_that_went_is_an_error_and_no_signal, tc)
{
	int fd = -1;
	char c;

	make_pair();
	close(ends[0]);
	signal(SIGPIPE, SIG_DFL);
	ATF_CHECK_EQ(-1, fdpass_send(ends[1], "a", 1, 0));
	ATF_CHECK_EQ(EPIPE, errno);
	ATF_CHECK_EQ(0, fdpass_receive(ends[1], &c, 1, &fd));
	ATF_CHECK_EQ(-1, fd);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_descriptor_comes_with_the_first_byte);
	ATF_TP_ADD_TC(tp, several_descriptors_come_in_their_order);
	ATF_TP_ADD_TC(tp, more_descriptors_than_one_are_closed);
	ATF_TP_ADD_TC(tp, a_peer_that_went_is_an_error_and_no_signal);
	return atf_no_error();
}
