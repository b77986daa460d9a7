#include <atf-c.h>

#include "queue/queue_scheduler.h"

#define NOW 1795430400
#define DAY 86400

static struct queue_scheduler s;

/* A message first tried then, for the last time after so many tries. */
static int64_t
age(int64_t first_try, unsigned tries)
{
	struct queue_message m = {.file = {.first_try = first_try, .tries = tries}};

	return queue_scheduler_age(&s, &m);
}

ATF_TC_WITHOUT_HEAD(a_message_is_as_old_as_its_first_try);
ATF_TC_BODY(a_message_is_as_old_as_its_first_try, tc)
{
	s.now = NOW;
	ATF_CHECK_EQ(0, age(0, 0));
	ATF_CHECK_EQ(8 * DAY, age(NOW - 8 * DAY, 3));
}

ATF_TC_WITHOUT_HEAD(a_clock_put_forward_makes_no_message_older);
ATF_TC_BODY(a_clock_put_forward_makes_no_message_older, tc)
{
	queue_clock_look(&s.clock, NOW * 1000LL, 1000);
	queue_clock_look(&s.clock, (NOW + 30 * DAY) * 1000LL, 2000);
	s.now = NOW + 30 * DAY;
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

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_message_is_as_old_as_its_first_try);
	ATF_TP_ADD_TC(tp, a_clock_put_forward_makes_no_message_older);
	ATF_TP_ADD_TC(tp, a_first_try_in_the_future_does_not_keep_a_message_for_ever);
	return atf_no_error();
}
