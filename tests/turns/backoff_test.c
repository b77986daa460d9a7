#include <atf-c.h>

#include "turns/backoff.h"

ATF_TC_WITHOUT_HEAD(a_wait_doubles_up_to_a_bound);
ATF_TC_BODY(a_wait_doubles_up_to_a_bound, tc)
{
	ATF_CHECK_EQ(15, backoff_wait(15, 0, 16));
	ATF_CHECK_EQ(30, backoff_wait(15, 1, 16));
	ATF_CHECK_EQ(60, backoff_wait(15, 2, 16));
	ATF_CHECK_EQ(15 * 65536, backoff_wait(15, 16, 16));
	ATF_CHECK_EQ(15 * 65536, backoff_wait(15, 4000000000U, 16));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_wait_doubles_up_to_a_bound);
	return atf_no_error();
}
