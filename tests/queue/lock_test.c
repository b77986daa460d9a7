#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <atf-c.h>

#include "queue/lock.h"

static int
open_new(const char *path, int flags)
{
	int fd = open(path, flags | O_RDONLY, 0600);

	ATF_REQUIRE(fd != -1);
	return fd;
}

ATF_TC_WITHOUT_HEAD(one_of_two_gets_the_lock);
ATF_TC_BODY(one_of_two_gets_the_lock, tc)
{
	int a = open_new("file", O_CREAT), b = open_new("file", 0);

	ATF_CHECK_EQ(0, lock_take(a, "file"));
	ATF_CHECK_EQ(-1, lock_take(b, "file"));
	ATF_CHECK_EQ(EWOULDBLOCK, errno);
	close(a);
	ATF_CHECK_EQ(0, lock_take(b, "file"));
}

/* The programs behind the sockets get a descriptor, and may be slow to close it. */
ATF_TC_WITHOUT_HEAD(a_descriptor_passed_on_does_not_keep_the_lock);
ATF_TC_BODY(a_descriptor_passed_on_does_not_keep_the_lock, tc)
{
	int a = open_new("file", O_CREAT), passed = dup(a), b = open_new("file", 0);

	ATF_CHECK_EQ(0, lock_take(a, "file"));
	lock_release(a);
	close(a);
	ATF_CHECK_EQ(0, lock_take(b, "file"));
	close(passed);
}

ATF_TC_WITHOUT_HEAD(a_file_moved_before_the_lock_is_gone);
ATF_TC_BODY(a_file_moved_before_the_lock_is_gone, tc)
{
	int fd = open_new("file", O_CREAT);

	ATF_REQUIRE_EQ(0, rename("file", "elsewhere"));
	ATF_CHECK_EQ(-1, lock_take(fd, "file"));
	ATF_CHECK_EQ(ENOENT, errno);
	close(open_new("file", O_CREAT));
	ATF_CHECK_EQ(-1, lock_take(fd, "file"));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK_EQ(0, lock_take(fd, "elsewhere"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, one_of_two_gets_the_lock);
	ATF_TP_ADD_TC(tp, a_descriptor_passed_on_does_not_keep_the_lock);
	ATF_TP_ADD_TC(tp, a_file_moved_before_the_lock_is_gone);
	return atf_no_error();
}
