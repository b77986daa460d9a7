#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"

#define SOON 20000 /* milliseconds */

static char large[1000000];

static void
do_nothing(int signal)
{
	(void)signal;
}

ATF_TC_WITHOUT_HEAD(what_is_there_is_read_at_once);
ATF_TC_BODY(what_is_there_is_read_at_once, tc)
{
	char buf[10];
	int ends[2];

	ATF_REQUIRE_EQ(0, pipe(ends));
	ATF_REQUIRE_EQ(3, write(ends[1], "abc", 3));
	ATF_CHECK_EQ(3, deadline_read(ends[0], buf, sizeof(buf), 0));
	close(ends[1]);
	ATF_CHECK_EQ(0, deadline_read(ends[0], buf, sizeof(buf), 0));
}

ATF_TC_WITHOUT_HEAD(nothing_to_read_ends_with_the_time);
ATF_TC_BODY(nothing_to_read_ends_with_the_time, tc)
{
	int64_t began = deadline_now();
	int ends[2];
	char c;

	ATF_REQUIRE_EQ(0, pipe(ends));
	ATF_CHECK_EQ(-1, deadline_read(ends[0], &c, 1, 1));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK(deadline_now() - began >= 1000);
	ATF_CHECK_EQ(-1, deadline_wait(ends[0], POLLIN, began));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK(deadline_now() - began < SOON);
}

/* Who writes more than a blocking descriptor takes at once must not be held by it. */
static void
write_to_one_who_does_not_read(int fd)
{
	int64_t began = deadline_now();

	ATF_CHECK_EQ(-1, deadline_write_all(fd, large, sizeof(large), 1));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK(deadline_now() - began < SOON);
}

ATF_TC_WITHOUT_HEAD(a_pipe_that_nobody_reads_ends_with_the_time);
ATF_TC_BODY(a_pipe_that_nobody_reads_ends_with_the_time, tc)
{
	int ends[2];

	ATF_REQUIRE_EQ(0, pipe(ends));
	write_to_one_who_does_not_read(ends[1]);
	ATF_REQUIRE_EQ(0, pipe2(ends, O_NONBLOCK));
	write_to_one_who_does_not_read(ends[1]);
}

ATF_TC_WITHOUT_HEAD(a_socket_that_nobody_reads_ends_with_the_time);
ATF_TC_BODY(a_socket_that_nobody_reads_ends_with_the_time, tc)
{
	int ends[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	write_to_one_who_does_not_read(ends[1]);
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends));
	write_to_one_who_does_not_read(ends[1]);
}

ATF_TC_WITHOUT_HEAD(everything_arrives_where_it_is_read);
ATF_TC_BODY(everything_arrives_where_it_is_read, tc)
{
	static char buf[65536];
	size_t sum = 0;
	int ends[2];
	ssize_t r;

	ATF_REQUIRE_EQ(0, pipe(ends));
	if (fork() == 0)
		_exit(deadline_write_all(ends[1], large, sizeof(large), 60) != 0);
	close(ends[1]);
	while ((r = deadline_read(ends[0], buf, sizeof(buf), 60)) > 0)
		sum += (size_t)r;
	ATF_CHECK_EQ(0, r);
	ATF_CHECK_EQ(sizeof(large), sum);
}

ATF_TC_WITHOUT_HEAD(a_regular_file_is_written);
ATF_TC_BODY(a_regular_file_is_written, tc)
{
	int fd = open("file", O_WRONLY | O_CREAT, 0600);

	ATF_CHECK_EQ(0, deadline_write_all(fd, large, sizeof(large), 1));
	ATF_CHECK_EQ(sizeof(large), lseek(fd, 0, SEEK_CUR));
}

ATF_TC_WITHOUT_HEAD(signals_do_not_end_the_wait);
ATF_TC_BODY(signals_do_not_end_the_wait, tc)
{
	struct itimerval often = {{0, 50000}, {0, 50000}}, never = {0};
	struct sigaction action = {.sa_handler = do_nothing};
	int64_t began = deadline_now();
	int ends[2];
	char c;

	sigaction(SIGALRM, &action, NULL);
	ATF_REQUIRE_EQ(0, pipe(ends));
	setitimer(ITIMER_REAL, &often, NULL);
	ATF_CHECK_EQ(-1, deadline_read(ends[0], &c, 1, 1));
	setitimer(ITIMER_REAL, &never, NULL);
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK(deadline_now() - began >= 1000);
	ATF_CHECK(deadline_now() - began < SOON);
}

ATF_TC_WITHOUT_HEAD(a_reader_that_went_is_an_error);
ATF_TC_BODY(a_reader_that_went_is_an_error, tc)
{
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	ATF_REQUIRE_EQ(0, pipe(ends));
	close(ends[0]);
	ATF_CHECK_EQ(-1, deadline_write_all(ends[1], "a", 1, 1));
	ATF_CHECK_EQ(EPIPE, errno);
	ATF_CHECK_EQ(-1, deadline_read(999, large, 1, 1));
	ATF_CHECK_EQ(EBADF, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_there_is_read_at_once);
	ATF_TP_ADD_TC(tp, nothing_to_read_ends_with_the_time);
	ATF_TP_ADD_TC(tp, a_pipe_that_nobody_reads_ends_with_the_time);
	ATF_TP_ADD_TC(tp, a_socket_that_nobody_reads_ends_with_the_time);
	ATF_TP_ADD_TC(tp, everything_arrives_where_it_is_read);
	ATF_TP_ADD_TC(tp, a_regular_file_is_written);
	ATF_TP_ADD_TC(tp, signals_do_not_end_the_wait);
	ATF_TP_ADD_TC(tp, a_reader_that_went_is_an_error);
	return atf_no_error();
}
