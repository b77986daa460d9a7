#include <stdlib.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/sink_time.h"

ATF_TC_WITHOUT_HEAD(the_caller_says_how_long_he_waits);
ATF_TC_BODY(the_caller_says_how_long_he_waits, tc)
{
	unsetenv("SINKSECONDS");
	unsetenv("SINKUNTIL");
	ATF_CHECK_EQ(1000000 + 295000, sink_time_until(1000000));
	setenv("SINKSECONDS", "20", 1);
	ATF_CHECK_EQ(1000000 + 15000, sink_time_until(1000000));
	setenv("SINKUNTIL", "1012000", 1);
	ATF_CHECK_EQ(1007000, sink_time_until(1000000));
	setenv("SINKUNTIL", "1032000", 1);
	ATF_CHECK_EQ(1015000, sink_time_until(1000000));
	setenv("SINKSECONDS", "much", 1);
	setenv("SINKUNTIL", "-1", 1);
	ATF_CHECK_EQ(1000000 + 295000, sink_time_until(1000000));
}

ATF_TC_WITHOUT_HEAD(what_is_left_is_never_less_than_nothing);
ATF_TC_BODY(what_is_left_is_never_less_than_nothing, tc)
{
	int64_t now = deadline_now();

	ATF_CHECK_EQ(0, sink_time_left(now - 100000));
	ATF_CHECK_EQ(0, sink_time_left(now + 500));
	ATF_CHECK(sink_time_left(now + 60000) >= 50 && sink_time_left(now + 60000) <= 60);
}

/* Each in a row of sinks has less time than the one before it. */
ATF_TC_WITHOUT_HEAD(the_next_sink_has_less_time);
ATF_TC_BODY(the_next_sink_has_less_time, tc)
{
	int64_t until, before = 1000000 + 300000;
	int i;

	unsetenv("SINKSECONDS");
	unsetenv("SINKUNTIL");
	for (i = 0; i < 4; i++) {
		until = sink_time_until(1000000);
		ATF_CHECK_EQ(before - 5000, until);
		before = until;
		ATF_CHECK_EQ(0, sink_time_hand_on(0));
	}
	unsetenv("SINKSECONDS");
	until = sink_time_until(1000000);
	for (i = 0; i < 4; i++) {
		ATF_CHECK_EQ(0, sink_time_hand_on(i == 2 ? 0 : until));
		/* the next one begins to read later */
		before = until;
		until = sink_time_until(1000000 + 100000 * (i + 1));
		ATF_CHECK(until <= before - 5000);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_caller_says_how_long_he_waits);
	ATF_TP_ADD_TC(tp, what_is_left_is_never_less_than_nothing);
	ATF_TP_ADD_TC(tp, the_next_sink_has_less_time);
	return atf_no_error();
}
