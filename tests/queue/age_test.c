#include <stdlib.h>

#include <atf-c.h>

#include "queue/age.h"

#define BEGIN 1795430000

static const struct wallclock even;

ATF_TC_WITHOUT_HEAD(attempts_close_together_leave_no_excess);
ATF_TC_BODY(attempts_close_together_leave_no_excess, tc)
{
	struct age a = {0};

	for (int64_t t = BEGIN; t < BEGIN + 10 * 3600; t += 3600)
		age_add(&a, t);
	ATF_CHECK_EQ(0, a.count);
	ATF_CHECK_EQ(0, age_excess(&a, &even, BEGIN, BEGIN + 10 * 3600, AGE_GAP));
}

/* The machine was off for ten days: that is not the time for which it was tried. */
ATF_TC_WITHOUT_HEAD(a_long_gap_counts_for_a_day);
ATF_TC_BODY(a_long_gap_counts_for_a_day, tc)
{
	struct age a = {0};

	age_add(&a, BEGIN);
	age_add(&a, BEGIN + 10 * 86400);
	ATF_CHECK_EQ(1, a.count);
	ATF_CHECK_EQ(
	    9 * 86400, age_excess(&a, &even, BEGIN, BEGIN + 10 * 86400 + 60, AGE_GAP));
	/* and so does the time since the last attempt */
	ATF_CHECK_EQ(
	    (9 + 4) * 86400, age_excess(&a, &even, BEGIN, BEGIN + 15 * 86400, AGE_GAP));
	free(a.gaps);
}

ATF_TC_WITHOUT_HEAD(a_clock_that_went_back_is_taken_off_once);
ATF_TC_BODY(a_clock_that_went_back_is_taken_off_once, tc)
{
	struct age a = {0};

	age_add(&a, BEGIN + 30 * 86400);
	age_add(&a, BEGIN);
	ATF_CHECK_EQ(30 * 86400, a.back);
	ATF_CHECK_EQ(0, age_excess(&a, &even, BEGIN, BEGIN + 60, AGE_GAP));
	/* now before the last attempt */
	ATF_CHECK_EQ(0, age_excess(&a, &even, BEGIN, BEGIN - 60, AGE_GAP));
}

ATF_TC_WITHOUT_HEAD(memory_for_gaps_is_bounded);
ATF_TC_BODY(memory_for_gaps_is_bounded, tc)
{
	struct age a = {0};
	int64_t t = BEGIN;

	for (int i = 0; i <= AGE_GAPS_MAX + 5; ++i, t += 2 * AGE_GAP)
		age_add(&a, t);
	ATF_CHECK_EQ(AGE_GAPS_MAX, a.count);
	ATF_CHECK_EQ(5 * 2 * AGE_GAP, a.forgotten);
	free(a.gaps);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, attempts_close_together_leave_no_excess);
	ATF_TP_ADD_TC(tp, a_long_gap_counts_for_a_day);
	ATF_TP_ADD_TC(tp, a_clock_that_went_back_is_taken_off_once);
	ATF_TP_ADD_TC(tp, memory_for_gaps_is_bounded);
	return atf_no_error();
}
