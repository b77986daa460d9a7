#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/maildirsize.h"
#include "lib/maildirsize_parse.h"

/* Make the maildir m and return its descriptor. */
static int
make(void)
{
	int fd;

	ATF_REQUIRE(mkdir("m", 0700) == 0 && mkdir("m/tmp", 0700) == 0 &&
		    mkdir("m/new", 0700) == 0 && mkdir("m/cur", 0700) == 0);
	fd = open("m", O_PATH | O_DIRECTORY);
	ATF_REQUIRE(fd != -1);
	return fd;
}

/* Is maildirsize just this? */
static int
says(const char *text)
{
	return atf_utils_compare_file("m/maildirsize", text);
}

/* Let path have been changed so many seconds from now. */
static void
set_time(const char *path, time_t seconds)
{
	struct timespec times[2] = {{.tv_sec = time(NULL) + seconds}};

	times[1] = times[0];
	ATF_REQUIRE_EQ(0, utimensat(AT_FDCWD, path, times, 0));
}

ATF_TC_WITHOUT_HEAD(lines_are_summed);
ATF_TC_BODY(lines_are_summed, tc)
{
	static const struct {
		const char *text;
		int sound;
		unsigned long long quota;
		long long bytes, messages;
		size_t lines;
	} cases[] = {
	    {"1000S\n", 1, 1000, 0, 0, 0},
	    {"1000S\n10 1\n", 1, 1000, 10, 1, 1},
	    {"1000S\n10 1\n20 1\n-10 -1\n", 1, 1000, 20, 1, 3},
	    {"1000S,50C\n           5 1\n", 1, 1000, 5, 1, 1},
	    {"50C,1000S\n5 1      \n", 1, 1000, 5, 1, 1},
	    {"50C\n5 1\n", 1, 0, 5, 1, 1},
	    {"", 0, 0, 0, 0, 0},
	    {"\n", 0, 0, 0, 0, 0},
	    {"1000S", 0, 0, 0, 0, 0},
	    {"1000\n", 0, 0, 0, 0, 0},
	    {"S\n", 0, 0, 0, 0, 0},
	    {"1000X\n", 0, 0, 0, 0, 0},
	    {"1000S,\n", 0, 0, 0, 0, 0},
	    {"1000S\n10 1\n2", 0, 0, 0, 0, 0},
	    {"1000S\n10\n", 0, 0, 0, 0, 0},
	    {"1000S\n10 x\n", 0, 0, 0, 0, 0},
	    {"1000S\n10 1 1\n", 0, 0, 0, 0, 0},
	    {"1000S\n- 1\n", 0, 0, 0, 0, 0},
	    {"1000S\n-10 -1\n", 0, 0, 0, 0, 0},
	    {"1000S\n9223372036854775807 1\n9223372036854775807 1\n", 0, 0, 0, 0, 0},
	};
	struct maildirsize size;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ATF_CHECK_EQ_MSG(cases[i].sound,
		    maildirsize_parse(&size, cases[i].text, strlen(cases[i].text)),
		    "case %zu", i);
		if (!cases[i].sound)
			continue;
		ATF_CHECK_EQ_MSG(cases[i].quota, size.quota, "case %zu", i);
		ATF_CHECK_EQ_MSG(cases[i].bytes, size.bytes, "case %zu", i);
		ATF_CHECK_EQ_MSG(cases[i].messages, size.messages, "case %zu", i);
		ATF_CHECK_EQ_MSG(cases[i].lines, size.lines, "case %zu", i);
	}
}

ATF_TC_WITHOUT_HEAD(a_missing_file_is_made_by_counting);
ATF_TC_BODY(a_missing_file_is_made_by_counting, tc)
{
	int m = make();

	atf_utils_create_file("m/new/1.a,S=100", "not read");
	atf_utils_create_file("m/cur/2.b,S=200:2,S", "not read");
	atf_utils_create_file("m/cur/3.c:2,", "read");
	atf_utils_create_file("m/tmp/4.d,S=1000", "not a message");
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 696, 0));
	ATF_CHECK(says("1000S\n304 3\n"));
	ATF_CHECK_EQ(MAILDIRSIZE_FULL, maildirsize_fits(m, 1000, 697, 0));
}

ATF_TC_WITHOUT_HEAD(folders_count);
ATF_TC_BODY(folders_count, tc)
{
	int m = make();

	ATF_REQUIRE(mkdir("m/.Sent", 0700) == 0 && mkdir("m/.Sent/cur", 0700) == 0);
	ATF_REQUIRE(mkdir("m/.Empty", 0700) == 0 && mkdir("m/other", 0700) == 0 &&
		    mkdir("m/other/cur", 0700) == 0);
	atf_utils_create_file("m/.Sent/cur/1.a,S=100:2,S", "%s", "");
	atf_utils_create_file("m/other/cur/1.a,S=100:2,S", "%s", "");
	atf_utils_create_file("m/.file", "%s", "");
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
	ATF_CHECK(says("1000S\n100 1\n"));
}

ATF_TC_WITHOUT_HEAD(a_file_in_order_is_believed);
ATF_TC_BODY(a_file_in_order_is_believed, tc)
{
	int m = make();

	atf_utils_create_file("m/maildirsize", "1000S\n900 9\n");
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 100, 0));
	ATF_CHECK_EQ(0, maildirsize_add(m, 50, 1));
	ATF_CHECK_EQ(0, maildirsize_add(m, -20, -1));
	ATF_CHECK(says("1000S\n900 9\n50 1\n-20 -1\n"));
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 70, 0));
}

ATF_TC_WITHOUT_HEAD(another_quota_counts_anew);
ATF_TC_BODY(another_quota_counts_anew, tc)
{
	int m = make();

	atf_utils_create_file("m/maildirsize", "999S\n900 9\n");
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 100, 0));
	ATF_CHECK(says("1000S\n0 0\n"));
}

ATF_TC_WITHOUT_HEAD(a_damaged_file_counts_anew);
ATF_TC_BODY(a_damaged_file_counts_anew, tc)
{
	int m = make();

	atf_utils_create_file("m/maildirsize", "1000S\n900 9\n12");
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1000, 0));
	ATF_CHECK(says("1000S\n0 0\n"));
}

ATF_TC_WITHOUT_HEAD(a_long_file_counts_anew);
ATF_TC_BODY(a_long_file_counts_anew, tc)
{
	int m = make(), i;
	struct stat st;

	ATF_REQUIRE_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000000, 1, 0));
	for (i = 0; i < 1024; i++)
		ATF_REQUIRE_EQ(0, maildirsize_add(m, 10, 1));
	ATF_REQUIRE(stat("m/maildirsize", &st) == 0 && st.st_size > MAILDIRSIZE_MAX);
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000000, 1, 0));
	ATF_CHECK(says("1000000S\n0 0\n"));
}

ATF_TC_WITHOUT_HEAD(a_file_that_nobody_counts_does_not_grow_for_ever);
ATF_TC_BODY(a_file_that_nobody_counts_does_not_grow_for_ever, tc)
{
	int m = make(), i;
	struct stat st;

	atf_utils_create_file("m/maildirsize", "1000S\n");
	for (i = 0; i < 10000; i++) {
		ATF_REQUIRE_EQ(0, maildirsize_add(m, 10, 1));
		if (stat("m/maildirsize", &st) == 0)
			ATF_REQUIRE(st.st_size < 5 * MAILDIRSIZE_MAX);
	}
	ATF_CHECK_EQ(-1, access("m/maildirsize", F_OK));
}

ATF_TC_WITHOUT_HEAD(full_is_believed_only_when_just_counted);
ATF_TC_BODY(full_is_believed_only_when_just_counted, tc)
{
	int m = make();

	/* it has grown since */
	atf_utils_create_file("m/maildirsize", "1000S\n900 9\n100 1\n");
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
	ATF_CHECK(says("1000S\n0 0\n"));
	/* it was counted just now */
	set_time("m/cur", -10);
	set_time("m/new", -10);
	atf_utils_create_file("m/maildirsize", "1000S\n1000 10\n");
	ATF_CHECK_EQ(MAILDIRSIZE_FULL, maildirsize_fits(m, 1000, 1, 0));
	/* something came or went since */
	atf_utils_create_file("m/cur/1.a", "%s", "");
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
	ATF_CHECK(says("1000S\n0 1\n"));
	/* it was counted long ago */
	atf_utils_create_file("m/maildirsize", "1000S\n1000 10\n");
	set_time("m/cur", -1000);
	set_time("m/new", -1000);
	set_time("m/maildirsize", -890);
	ATF_CHECK_EQ(MAILDIRSIZE_FULL, maildirsize_fits(m, 1000, 1, 0));
	set_time("m/maildirsize", -910);
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
	ATF_CHECK(says("1000S\n0 1\n"));
	/* or in what is the future by now */
	atf_utils_create_file("m/maildirsize", "1000S\n1000 10\n");
	set_time("m/maildirsize", 100);
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
}

ATF_TC_WITHOUT_HEAD(larger_than_the_quota_never_fits);
ATF_TC_BODY(larger_than_the_quota_never_fits, tc)
{
	int m = make();

	ATF_CHECK_EQ(MAILDIRSIZE_NEVER, maildirsize_fits(m, 1000, 1001, 0));
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1000, 0));
}

ATF_TC_WITHOUT_HEAD(without_a_quota_everything_fits);
ATF_TC_BODY(without_a_quota_everything_fits, tc)
{
	int m = make();

	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 0, ~0ull, 0));
	ATF_CHECK_EQ(0, maildirsize_add(m, 10, 1));
	ATF_CHECK_EQ(-1, access("m/maildirsize", F_OK));
}

ATF_TC_WITHOUT_HEAD(a_name_may_claim_any_size);
ATF_TC_BODY(a_name_may_claim_any_size, tc)
{
	int m = make();

	atf_utils_create_file("m/new/1.a,S=9223372036854775807", "%s", "");
	atf_utils_create_file("m/new/2.b,S=9223372036854775807", "%s", "");
	ATF_CHECK_EQ(MAILDIRSIZE_FULL, maildirsize_fits(m, 1000, 1, 0));
	ATF_REQUIRE_EQ(0, unlink("m/new/1.a,S=9223372036854775807"));
	ATF_REQUIRE_EQ(0, unlink("m/new/2.b,S=9223372036854775807"));
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
}

ATF_TC_WITHOUT_HEAD(what_is_no_regular_file_is_not_read);
ATF_TC_BODY(what_is_no_regular_file_is_not_read, tc)
{
	struct maildirsize size;
	int m = make();

	ATF_REQUIRE_EQ(0, mkfifo("m/maildirsize", 0600));
	ATF_CHECK_EQ(0, maildirsize_read(&size, m));
	ATF_CHECK_EQ(-1, maildirsize_add(m, 1, 1));
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
	ATF_CHECK(says("1000S\n0 0\n"));

	atf_utils_create_file("elsewhere", "1000S\n1000 1\n");
	ATF_REQUIRE(unlink("m/maildirsize") == 0 &&
		    symlink("../elsewhere", "m/maildirsize") == 0);
	ATF_CHECK_EQ(0, maildirsize_read(&size, m));
	ATF_CHECK_EQ(-1, maildirsize_add(m, 1, 1));
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
	ATF_CHECK(atf_utils_compare_file("elsewhere", "1000S\n1000 1\n"));

	ATF_REQUIRE(unlink("m/maildirsize") == 0 && mkdir("m/maildirsize", 0700) == 0);
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
}

ATF_TC_WITHOUT_HEAD(counting_leaves_nothing_in_tmp);
ATF_TC_BODY(counting_leaves_nothing_in_tmp, tc)
{
	int m = make();

	ATF_REQUIRE_EQ(0, mkdir("m/maildirsize", 0700));
	ATF_CHECK_EQ(MAILDIRSIZE_FITS, maildirsize_fits(m, 1000, 1, 0));
	ATF_CHECK_EQ(0, rmdir("m/tmp"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_are_summed);
	ATF_TP_ADD_TC(tp, a_missing_file_is_made_by_counting);
	ATF_TP_ADD_TC(tp, folders_count);
	ATF_TP_ADD_TC(tp, a_file_in_order_is_believed);
	ATF_TP_ADD_TC(tp, another_quota_counts_anew);
	ATF_TP_ADD_TC(tp, a_damaged_file_counts_anew);
	ATF_TP_ADD_TC(tp, a_long_file_counts_anew);
	ATF_TP_ADD_TC(tp, a_file_that_nobody_counts_does_not_grow_for_ever);
	ATF_TP_ADD_TC(tp, full_is_believed_only_when_just_counted);
	ATF_TP_ADD_TC(tp, larger_than_the_quota_never_fits);
	ATF_TP_ADD_TC(tp, without_a_quota_everything_fits);
	ATF_TP_ADD_TC(tp, a_name_may_claim_any_size);
	ATF_TP_ADD_TC(tp, what_is_no_regular_file_is_not_read);
	ATF_TP_ADD_TC(tp, counting_leaves_nothing_in_tmp);
	return atf_no_error();
}
