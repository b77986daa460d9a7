#include <stdlib.h>

#include <atf-c.h>

#include "schedule/scheduler.h"

#define NOW 1795430400
#define DAY 86400

static struct scheduler s;

/* A message first tried then, for the last time after so many tries. */
static int64_t
age(int64_t first_try, unsigned tries)
{
	struct message m = {.file = {.first_try = first_try, .tries = tries}};

	return scheduler_age(&s, &m);
}

ATF_TC_WITHOUT_HEAD(a_message_is_as_old_as_its_first_try);
ATF_TC_BODY(a_message_is_as_old_as_its_first_try, tc)
{
	s.now = NOW;
	ATF_CHECK_EQ(0, age(0, 0));
	ATF_CHECK_EQ(DAY, age(NOW - DAY, 3));
}

/* The age of a message that was tried then, by a schedule of an hour. */
static int64_t
age_of_tries(const int64_t *times, size_t n)
{
	struct message m = {.file = {.first_try = times[0], .tries = n}};
	int64_t r;

	s.now = NOW;
	s.settings.retry[0] = 3600;
	s.settings.retries = 1;
	for (size_t i = 0; i < n; ++i)
		age_add(&m.file.age, times[i]);
	r = scheduler_age(&s, &m);
	free(m.file.age.gaps);
	return r;
}

#define AGE(...)                                                                         \
	age_of_tries(                                                                    \
	    (int64_t[]){__VA_ARGS__}, sizeof(int64_t[]){__VA_ARGS__} / sizeof(int64_t))

ATF_TC_WITHOUT_HEAD(a_gap_counts_as_long_as_the_schedule_and_a_day);
ATF_TC_BODY(a_gap_counts_as_long_as_the_schedule_and_a_day, tc)
{
	/* the machine was off for 8 days, at the end or before */
	ATF_CHECK_EQ(DAY + 3600, AGE(NOW - 8 * DAY));
	ATF_CHECK_EQ(DAY + 3600 + 600, AGE(NOW - 8 * DAY, NOW - 600));
	ATF_CHECK_EQ(2 * DAY + 2 * 3600, AGE(NOW - 90 * DAY, NOW - 50 * DAY));
	/* as it should be */
	ATF_CHECK_EQ(
	    4 * DAY, AGE(NOW - 4 * DAY, NOW - 3 * DAY, NOW - 2 * DAY, NOW - DAY));
}

ATF_TC_WITHOUT_HEAD(a_clock_that_was_wrong_costs_no_more);
ATF_TC_BODY(a_clock_that_was_wrong_costs_no_more, tc)
{
	/* 1970, once and again */
	ATF_CHECK_EQ(DAY + 3600, AGE(5000));
	ATF_CHECK_EQ(3600, AGE(NOW - 3600, 5000));
	ATF_CHECK_EQ(DAY + 7200, AGE(NOW - DAY - 7200, 5000, NOW - 3600));
	/* a year later, once: the first attempt tells */
	ATF_CHECK_EQ(7200, AGE(NOW - 7200, NOW + 365 * DAY));
	ATF_CHECK_EQ(7200, AGE(NOW - 7200, NOW + 365 * DAY, NOW - 3600));
	/* what lies in the future can be of any time */
	ATF_CHECK_EQ(3600, AGE(NOW + 3650 * DAY, NOW + 3650 * DAY + 3600));
}

ATF_TC_WITHOUT_HEAD(a_clock_put_forward_makes_no_message_older);
ATF_TC_BODY(a_clock_put_forward_makes_no_message_older, tc)
{
	wallclock_look(&s.clock, NOW * 1000LL, 1000);
	wallclock_look(&s.clock, (NOW + 30 * DAY) * 1000LL, 2000);
	s.now = NOW + 30 * DAY;
	s.settings.retry[0] = 3600;
	s.settings.retries = 1;
	ATF_CHECK_EQ(DAY + 1, age(NOW - DAY, 3));
	ATF_CHECK_EQ(0, age(NOW + 30 * DAY, 1));
}

ATF_TC_WITHOUT_HEAD(a_first_try_in_the_future_does_not_keep_a_message_for_ever);
ATF_TC_BODY(a_first_try_in_the_future_does_not_keep_a_message_for_ever, tc)
{
	s.now = NOW;
	s.settings.retry[0] = 300;
	s.settings.retry[1] = 3600;
	s.settings.retries = 2;
	ATF_CHECK_EQ(0, age(NOW + 3650 * DAY, 1));
	ATF_CHECK_EQ(300, age(NOW + 3650 * DAY, 2));
	ATF_CHECK_EQ(300 + 9 * 3600, age(NOW + 3650 * DAY, 11));
}

ATF_TC_WITHOUT_HEAD(a_sender_may_have_a_way_of_his_own);
ATF_TC_BODY(a_sender_may_have_a_way_of_his_own, tc)
{
	static char routes[] = "@from.test:smart.test\0bad@x.test";
	static char binds[] = "@from.test 192.0.2.1\0me@only.test 192.0.2.2\0* 192.0.2.3";
	struct message m = {.file = {.envelope = {.sender = "me@from.test"}}};

	ATF_CHECK_STREQ("", scheduler_way(&s, &m, ROUTE_REMOTE));
	s.settings.sender_routes.s = routes;
	s.settings.sender_routes.len = sizeof routes;
	ATF_CHECK_STREQ("smart.test", scheduler_way(&s, &m, ROUTE_REMOTE));
	ATF_CHECK_STREQ("", scheduler_way(&s, &m, ROUTE_LOCAL));
	s.settings.bind.s = binds;
	s.settings.bind.len = sizeof binds;
	ATF_CHECK_STREQ(
	    "smart.test from @from.test 192.0.2.1", scheduler_way(&s, &m, ROUTE_REMOTE));
	m.file.envelope.sender = "me@only.test";
	ATF_CHECK_STREQ(
	    " from me@only.test 192.0.2.2", scheduler_way(&s, &m, ROUTE_REMOTE));
	m.file.envelope.sender = "bad@x.test";
	ATF_CHECK_STREQ("", scheduler_way(&s, &m, ROUTE_REMOTE));
	m.file.envelope.sender = "";
	ATF_CHECK_STREQ("", scheduler_way(&s, &m, ROUTE_REMOTE));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_sender_may_have_a_way_of_his_own);
	ATF_TP_ADD_TC(tp, a_message_is_as_old_as_its_first_try);
	ATF_TP_ADD_TC(tp, a_gap_counts_as_long_as_the_schedule_and_a_day);
	ATF_TP_ADD_TC(tp, a_clock_that_was_wrong_costs_no_more);
	ATF_TP_ADD_TC(tp, a_clock_put_forward_makes_no_message_older);
	ATF_TP_ADD_TC(tp, a_first_try_in_the_future_does_not_keep_a_message_for_ever);
	return atf_no_error();
}
