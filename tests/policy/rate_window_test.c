#include <string.h>

#include <atf-c.h>

#include "lib/rate_limits.h"
#include "policy/rate_window.h"

#define T 1000800 /* the beginning of an hour */

ATF_TC_WITHOUT_HEAD(the_last_sixty_minutes_are_estimated);
ATF_TC_BODY(the_last_sixty_minutes_are_estimated, tc)
{
	struct rate_window w = {0};

	rate_window_roll(&w, T);
	ATF_CHECK_EQ(0, rate_window_sum(&w, RATE_MESSAGES, T));
	rate_window_add(&w, RATE_MESSAGES, 60);
	rate_window_add(&w, RATE_FAILED, 3);
	ATF_CHECK_EQ(60, rate_window_sum(&w, RATE_MESSAGES, T + 3599));
	ATF_CHECK_EQ(0, rate_window_sum(&w, RATE_RECIPIENTS, T));
	rate_window_roll(&w, T + 3600);
	ATF_CHECK_EQ(60, rate_window_sum(&w, RATE_MESSAGES, T + 3600));
	ATF_CHECK_EQ(30, rate_window_sum(&w, RATE_MESSAGES, T + 5400));
	rate_window_add(&w, RATE_MESSAGES, 5);
	ATF_CHECK_EQ(35, rate_window_sum(&w, RATE_MESSAGES, T + 5400));
	ATF_CHECK_EQ(T + 10800, rate_window_end(&w));
	rate_window_roll(&w, T + 10800);
	ATF_CHECK_EQ(0, rate_window_sum(&w, RATE_MESSAGES, T + 10800));
}

ATF_TC_WITHOUT_HEAD(a_clock_set_back_begins_anew);
ATF_TC_BODY(a_clock_set_back_begins_anew, tc)
{
	struct rate_window w = {0};

	rate_window_roll(&w, T);
	rate_window_add(&w, RATE_MESSAGES, 60);
	rate_window_roll(&w, T - 3600);
	ATF_CHECK_EQ(0, rate_window_sum(&w, RATE_MESSAGES, T - 3600));
}

ATF_TC_WITHOUT_HEAD(a_count_does_not_overflow);
ATF_TC_BODY(a_count_does_not_overflow, tc)
{
	struct rate_window w = {0};

	rate_window_roll(&w, T);
	rate_window_add(&w, RATE_FAILED, UINT64_MAX);
	rate_window_add(&w, RATE_FAILED, 10);
	ATF_CHECK_EQ(UINT32_MAX, rate_window_sum(&w, RATE_FAILED, T));
	rate_window_roll(&w, T + 3600);
	ATF_CHECK_EQ(UINT32_MAX, rate_window_sum(&w, RATE_FAILED, T + 3600));
}

ATF_TC_WITHOUT_HEAD(limits_are_three_numbers);
ATF_TC_BODY(limits_are_three_numbers, tc)
{
	static const char *const wrong[] = {"", "1", "1,2", "1,2,", "1,2,3,", "1,2,3,4",
	    "a,2,3", "1,,", "-1,2,3", "1 2 3", "1,2,5000000000", " 1,2,3"};
	struct rate_limits l;
	size_t i;

	ATF_REQUIRE(rate_limits_scan(&l, "10,200,0", ','));
	ATF_CHECK_EQ(10, l.most[RATE_MESSAGES]);
	ATF_CHECK_EQ(200, l.most[RATE_RECIPIENTS]);
	ATF_CHECK_EQ(0, l.most[RATE_FAILED]);
	ATF_CHECK(rate_limits_scan(&l, "1  2 3", ' '));
	for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ATF_CHECK_MSG(!rate_limits_scan(&l, wrong[i], ','), "%s", wrong[i]);
}

static const char list[] = "client 1 1 1\0"
			   "user 2 2 2\0"
			   "192.0.2.7 3 3 3\0"
			   "192.0.2.0/24 4 4 4\0"
			   "nonsense 9 9 9\0"
			   "192.0.2.9 x\0"
			   "Bob@Here.test 5 5 5\0"
			   "client 6 6 6";

/* 0 when nothing was found */
static int
first(const char *user, const char *ip, int general)
{
	struct rate_limits l;
	int is_general = 0;

	if (!rate_limits_find(&l, &is_general, list, sizeof list, user, ip))
		return 0;
	ATF_CHECK_EQ(general, is_general);
	return (int)l.most[0];
}

ATF_TC_WITHOUT_HEAD(the_line_about_one_comes_before_the_line_about_all);
ATF_TC_BODY(the_line_about_one_comes_before_the_line_about_all, tc)
{
	struct rate_limits l;
	int general;

	ATF_CHECK_EQ(1, first(NULL, "198.51.100.1", 1));
	ATF_CHECK_EQ(1, first(NULL, NULL, 1));
	ATF_CHECK_EQ(3, first(NULL, "192.0.2.7", 0));
	ATF_CHECK_EQ(4, first(NULL, "192.0.2.8", 0));
	ATF_CHECK_EQ(2, first("eve@here.test", "192.0.2.7", 1));
	ATF_CHECK_EQ(5, first("bob@here.test", "192.0.2.7", 0));
	ATF_CHECK_EQ(0, rate_limits_find(&l, &general, "", 0, NULL, "192.0.2.7"));
}

ATF_TC_WITHOUT_HEAD(a_line_that_fits_nobody_is_known);
ATF_TC_BODY(a_line_that_fits_nobody_is_known, tc)
{
	static const char *const good[] = {"user 1 2 3", "client  1 2 0",
	    "a@b.test 1 2 3", "192.0.2.1 1 2 3", "2001:db8::/32 1 2 3"};
	static const char *const wrong[] = {"", "user", "user 1 2", "@b.test 1 2 3",
	    "a@ 1 2 3", "192.0.2.1/24 1 2 3", "user 1 2 3 4", "user 1 2 x"};
	size_t i;

	for (i = 0; i < sizeof good / sizeof *good; i++)
		ATF_CHECK_MSG(rate_limits_is_line(good[i]), "%s", good[i]);
	for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ATF_CHECK_MSG(!rate_limits_is_line(wrong[i]), "%s", wrong[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_last_sixty_minutes_are_estimated);
	ATF_TP_ADD_TC(tp, a_clock_set_back_begins_anew);
	ATF_TP_ADD_TC(tp, a_count_does_not_overflow);
	ATF_TP_ADD_TC(tp, limits_are_three_numbers);
	ATF_TP_ADD_TC(tp, the_line_about_one_comes_before_the_line_about_all);
	ATF_TP_ADD_TC(tp, a_line_that_fits_nobody_is_known);
	return atf_no_error();
}
