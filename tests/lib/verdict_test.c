#include <atf-c.h>

#include "lib/verdict.h"

ATF_TC_WITHOUT_HEAD(unforeseen_codes_defer);
ATF_TC_BODY(unforeseen_codes_defer, tc)
{
	ATF_CHECK_EQ(ACCEPT, verdict_of(0));
	ATF_CHECK_EQ(REJECT, verdict_of(100 << 8));
	ATF_CHECK_EQ(DEFER, verdict_of(111 << 8));
	ATF_CHECK_EQ(DEFER, verdict_of(127 << 8));
	ATF_CHECK_EQ(DEFER, verdict_of(1 << 8));
	ATF_CHECK_EQ(DEFER, verdict_of(11)); /* died of a signal */
}

ATF_TC_WITHOUT_HEAD(a_sink_rejects_with_11_to_40);
ATF_TC_BODY(a_sink_rejects_with_11_to_40, tc)
{
	ATF_CHECK_EQ(ACCEPT, verdict_of_sink(0));
	ATF_CHECK_EQ(DEFER, verdict_of_sink(10 << 8));
	ATF_CHECK_EQ(REJECT, verdict_of_sink(11 << 8));
	ATF_CHECK_EQ(REJECT, verdict_of_sink(40 << 8));
	ATF_CHECK_EQ(DEFER, verdict_of_sink(41 << 8));
	ATF_CHECK_EQ(DEFER, verdict_of_sink(100 << 8));
	ATF_CHECK_EQ(DEFER, verdict_of_sink(9));
}

ATF_TC_WITHOUT_HEAD(unknown_letters_defer);
ATF_TC_BODY(unknown_letters_defer, tc)
{
	ATF_CHECK_EQ('K', verdict_letter(ACCEPT));
	ATF_CHECK_EQ('D', verdict_letter(REJECT));
	ATF_CHECK_EQ('Z', verdict_letter(42));
	ATF_CHECK_EQ(ACCEPT, verdict_from_letter('K'));
	ATF_CHECK_EQ(REJECT, verdict_from_letter('D'));
	ATF_CHECK_EQ(DEFER, verdict_from_letter('k'));
	ATF_CHECK_EQ(DEFER, verdict_from_letter('\0'));
}

ATF_TC_WITHOUT_HEAD(the_worst_verdict_stays);
ATF_TC_BODY(the_worst_verdict_stays, tc)
{
	int verdict = ACCEPT;

	verdict_worsen(&verdict, ACCEPT);
	ATF_CHECK_EQ(ACCEPT, verdict);
	verdict_worsen(&verdict, REJECT);
	ATF_CHECK_EQ(REJECT, verdict);
	verdict_worsen(&verdict, DEFER);
	ATF_CHECK_EQ(DEFER, verdict);
	verdict_worsen(&verdict, REJECT);
	ATF_CHECK_EQ(DEFER, verdict);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, unforeseen_codes_defer);
	ATF_TP_ADD_TC(tp, a_sink_rejects_with_11_to_40);
	ATF_TP_ADD_TC(tp, unknown_letters_defer);
	ATF_TP_ADD_TC(tp, the_worst_verdict_stays);
	return atf_no_error();
}
