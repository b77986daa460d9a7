#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/spool_take.h"

static void
check_read(int fd, off_t start, off_t length, const char *want)
{
	char buf[100];

	ATF_REQUIRE(length < (off_t)sizeof(buf));
	ATF_REQUIRE_EQ(length, pread(fd, buf, (size_t)length, start));
	buf[length] = '\0';
	ATF_CHECK_STREQ(want, buf);
}

ATF_TC_WITHOUT_HEAD(a_file_is_taken_from_where_it_stands);
ATF_TC_BODY(a_file_is_taken_from_where_it_stands, tc)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	off_t start, length;

	ATF_REQUIRE_EQ(9, write(fd, "a message", 9));
	ATF_REQUIRE_EQ(2, lseek(fd, 2, SEEK_SET));
	ATF_REQUIRE_EQ(fd, spool_take(fd, &start, &length));
	check_read(fd, start, length, "message");
	ATF_REQUIRE_EQ(20, lseek(fd, 20, SEEK_SET));
	ATF_REQUIRE_EQ(fd, spool_take(fd, &start, &length));
	ATF_CHECK_EQ(0, length);
}

ATF_TC_WITHOUT_HEAD(a_stream_is_copied);
ATF_TC_BODY(a_stream_is_copied, tc)
{
	off_t start, length;
	int fds[2], fd;

	ATF_REQUIRE_EQ(0, pipe(fds));
	ATF_REQUIRE_EQ(7, write(fds[1], "message", 7));
	close(fds[1]);
	fd = spool_take(fds[0], &start, &length);
	ATF_REQUIRE(fd != -1 && fd != fds[0]);
	check_read(fd, start, length, "message");
}

ATF_TC_WITHOUT_HEAD(what_is_not_open_is_not_taken);
ATF_TC_BODY(what_is_not_open_is_not_taken, tc)
{
	off_t start, length;

	ATF_CHECK_EQ(-1, spool_take(99, &start, &length));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_file_is_taken_from_where_it_stands);
	ATF_TP_ADD_TC(tp, a_stream_is_copied);
	ATF_TP_ADD_TC(tp, what_is_not_open_is_not_taken);
	return atf_no_error();
}
