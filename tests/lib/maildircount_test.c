#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/maildircount.h"

static long long bytes, messages;
static size_t most;

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

	r = maildircount(dir, most, &bytes, &messages);
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

ATF_TC_WITHOUT_HEAD(nothing_behind_a_link_counts);
ATF_TC_BODY(nothing_behind_a_link_counts, tc)
{
	make_folders();
	make_file("m/cur/1.a,S=100", 0);
	ATF_REQUIRE_EQ(0, mkdir("m/.s1", 0700));
	ATF_REQUIRE_EQ(0, symlink("../cur", "m/.s1/cur"));
	ATF_REQUIRE_EQ(0, symlink(".", "m/.s2"));
	ATF_REQUIRE_EQ(0, rmdir("m/new"));
	ATF_REQUIRE_EQ(0, symlink("cur", "m/new"));
	ATF_CHECK_EQ(1, count());
	ATF_CHECK_EQ(100, bytes);
	ATF_CHECK_EQ(1, messages);
}

ATF_TC_WITHOUT_HEAD(no_more_steps_are_taken_than_most);
ATF_TC_BODY(no_more_steps_are_taken_than_most, tc)
{
	char path[40];
	int i;

	make_folders();
	for (i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "m/cur/%d.a,S=10", i);
		make_file(path, 0);
	}
	most = 100;
	ATF_CHECK_EQ(-1, count());
	ATF_CHECK_EQ(E2BIG, errno);
	most = 200;
	ATF_CHECK_EQ(1, count());
	ATF_CHECK_EQ(1000, bytes);
	/* folders count, too, and so does what has no size in its name */
	for (i = 0; i < 20; i++) {
		snprintf(path, sizeof(path), "m/.f%d", i);
		ATF_REQUIRE_EQ(0, mkdir(path, 0700));
	}
	ATF_CHECK_EQ(-1, count());
	most = 600;
	ATF_CHECK_EQ(1, count());
	for (i = 0; i < 50; i++) {
		snprintf(path, sizeof(path), "m/new/%d.a", i);
		make_file(path, 10);
	}
	ATF_CHECK_EQ(-1, count());
	most = 0;
	ATF_CHECK_EQ(1, count());
	ATF_CHECK_EQ(1500, bytes);
}

ATF_TC_WITHOUT_HEAD(a_missing_maildir_is_told);
ATF_TC_BODY(a_missing_maildir_is_told, tc)
{
	ATF_CHECK_EQ(-1, maildircount(999, 0, &bytes, &messages));
	ATF_CHECK_EQ(EBADF, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, names_and_sizes_of_all_folders_are_added);
	ATF_TP_ADD_TC(tp, what_is_no_message_does_not_count);
	ATF_TP_ADD_TC(tp, a_name_may_lie_but_no_sum_overflows);
	ATF_TP_ADD_TC(tp, nothing_behind_a_link_counts);
	ATF_TP_ADD_TC(tp, no_more_steps_are_taken_than_most);
	ATF_TP_ADD_TC(tp, a_missing_maildir_is_told);
	return atf_no_error();
}
