#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/maildircount.h"

static long long bytes, messages;

static void
make_folders(void)
{
	static const char *const names[] = {"m", "m/tmp", "m/new", "m/cur", "m/.Sent",
	    "m/.Sent/new", "m/.Sent/cur", "m/.empty"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ATF_REQUIRE_EQ(0, mkdir(names[i], 0700));
}

static void
make_file(const char *path, off_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ(0, ftruncate(fd, size));
	close(fd);
}

static int
count(void)
{
	int dir = open("m", O_PATH | O_DIRECTORY), r;

	r = maildircount(dir, &bytes, &messages);
	close(dir);
	return r;
}

ATF_TC_WITHOUT_HEAD(names_and_sizes_of_all_folders_are_added);
ATF_TC_BODY(names_and_sizes_of_all_folders_are_added, tc)
{
	make_folders();
	ATF_CHECK_EQ(1, count());
	ATF_CHECK_EQ(0, bytes);
	ATF_CHECK_EQ(0, messages);
	make_file("m/new/1.a.host,S=100,W=110", 5);
	make_file("m/cur/2.b.host,S=1000:2,S", 5);
	make_file("m/cur/3.c.host:2,", 10000);
	make_file("m/.Sent/cur/4.d.host,S=100000:2,S", 5);
	ATF_CHECK_EQ(1, count());
	ATF_CHECK_EQ(111100, bytes);
	ATF_CHECK_EQ(4, messages);
}

ATF_TC_WITHOUT_HEAD(what_is_no_message_does_not_count);
ATF_TC_BODY(what_is_no_message_does_not_count, tc)
{
	make_folders();
	make_file("m/tmp/1.a.host,S=100", 5);
	make_file("m/new/.hidden", 5);
	make_file("m/maildirsize", 5);
	make_file("m/.file", 5);
	ATF_REQUIRE_EQ(0, mkdir("m/new/folder", 0700));
	ATF_REQUIRE_EQ(0, symlink("/etc/passwd", "m/new/link"));
	ATF_REQUIRE_EQ(0, mkfifo("m/new/fifo", 0600));
	ATF_CHECK_EQ(1, count());
	ATF_CHECK_EQ(0, bytes);
	ATF_CHECK_EQ(0, messages);
}

ATF_TC_WITHOUT_HEAD(a_name_may_lie_but_no_sum_overflows);
ATF_TC_BODY(a_name_may_lie_but_no_sum_overflows, tc)
{
	make_folders();
	make_file("m/new/1.a,S=9223372036854775807", 0);
	make_file("m/new/2.b,S=9223372036854775807", 0);
	make_file("m/new/3.c,S=99999999999999999999999", 0);
	ATF_CHECK_EQ(1, count());
	ATF_CHECK_EQ(MAILDIRCOUNT_MAX, bytes);
	ATF_CHECK_EQ(3, messages);
}

ATF_TC_WITHOUT_HEAD(a_missing_maildir_is_told);
ATF_TC_BODY(a_missing_maildir_is_told, tc)
{
	ATF_CHECK_EQ(-1, maildircount(999, &bytes, &messages));
	ATF_CHECK_EQ(EBADF, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, names_and_sizes_of_all_folders_are_added);
	ATF_TP_ADD_TC(tp, what_is_no_message_does_not_count);
	ATF_TP_ADD_TC(tp, a_name_may_lie_but_no_sum_overflows);
	ATF_TP_ADD_TC(tp, a_missing_maildir_is_told);
	return atf_no_error();
}
