#include <atf-c.h>

#include "turns/window.h"

/* n deliveries succeed while others wait. */
static void
succeed(struct window *w, size_t n, size_t most)
{
	while (n-- > 0)
		window_succeed(w, 1, most);
}

ATF_TC_WITHOUT_HEAD(it_begins_small_and_doubles_with_each_round);
ATF_TC_BODY(it_begins_small_and_doubles_with_each_round, tc)
{
	struct window w = {0};

	ATF_CHECK_EQ(1, window_size(&w, 1));
	ATF_CHECK_EQ(2, window_size(&w, 10));
	succeed(&w, 2, 10);
	ATF_CHECK_EQ(4, window_size(&w, 10));
	succeed(&w, 4, 10);
	ATF_CHECK_EQ(8, window_size(&w, 10));
	succeed(&w, 100, 10);
	ATF_CHECK_EQ(10, window_size(&w, 10));
	/* what was allowed before counts no more */
	ATF_CHECK_EQ(3, window_size(&w, 3));
}

ATF_TC_WITHOUT_HEAD(it_does_not_grow_unused);
ATF_TC_BODY(it_does_not_grow_unused, tc)
{
	struct window w = {0};

	for (int i = 0; i < 100; ++i)
		window_succeed(&w, 0, 10);
	ATF_CHECK_EQ(2, window_size(&w, 10));
}

ATF_TC_WITHOUT_HEAD(a_failure_halves_it_once_for_all_that_are_under_way);
ATF_TC_BODY(a_failure_halves_it_once_for_all_that_are_under_way, tc)
{
	struct window w = {0};

	succeed(&w, 6, 10);
	ATF_CHECK_EQ(8, window_size(&w, 10));
	ATF_CHECK_EQ(0, window_fail(&w, 8));
	ATF_CHECK_EQ(4, window_size(&w, 10));
	ATF_CHECK_EQ(0, window_fail(&w, 7));
	window_succeed(&w, 0, 10);
	ATF_CHECK_EQ(0, window_fail(&w, 5));
	ATF_CHECK_EQ(4, window_size(&w, 10));
}

ATF_TC_WITHOUT_HEAD(after_a_failure_it_grows_by_one_a_round);
ATF_TC_BODY(after_a_failure_it_grows_by_one_a_round, tc)
{
	struct window w = {0};

	succeed(&w, 6, 20);
	window_fail(&w, 8);
	succeed(&w, 3, 20);
	ATF_CHECK_EQ(4, window_size(&w, 20));
	succeed(&w, 1, 20);
	ATF_CHECK_EQ(5, window_size(&w, 20));
	succeed(&w, 5, 20);
	ATF_CHECK_EQ(6, window_size(&w, 20));
}

ATF_TC_WITHOUT_HEAD(a_cohort_that_fails_as_one_man_is_told);
ATF_TC_BODY(a_cohort_that_fails_as_one_man_is_told, tc)
{
	struct window w = {0};

	ATF_CHECK_EQ(1, window_fail(&w, 1));
	w = (struct window){0};
	ATF_CHECK_EQ(0, window_fail(&w, 3));
	ATF_CHECK_EQ(0, window_fail(&w, 2));
	ATF_CHECK_EQ(1, window_fail(&w, 1));
	ATF_CHECK_EQ(1, window_size(&w, 10));
	/* one success among them, and it was not a dead server */
	w = (struct window){0};
	ATF_CHECK_EQ(0, window_fail(&w, 3));
	window_succeed(&w, 2, 10);
	ATF_CHECK_EQ(1, window_fail(&w, 1));
	w = (struct window){0};
	ATF_CHECK_EQ(0, window_fail(&w, 3));
	window_succeed(&w, 3, 10);
	ATF_CHECK_EQ(0, window_fail(&w, 3));
}

ATF_TC_WITHOUT_HEAD(one_remains_whatever_fails);
ATF_TC_BODY(one_remains_whatever_fails, tc)
{
	struct window w = {0};

	for (int i = 0; i < 100; ++i)
		window_fail(&w, 1);
	ATF_CHECK_EQ(1, window_size(&w, 10));
	succeed(&w, 1, 10);
	ATF_CHECK_EQ(2, window_size(&w, 10));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_begins_small_and_doubles_with_each_round);
	ATF_TP_ADD_TC(tp, it_does_not_grow_unused);
	ATF_TP_ADD_TC(tp, a_failure_halves_it_once_for_all_that_are_under_way);
	ATF_TP_ADD_TC(tp, after_a_failure_it_grows_by_one_a_round);
	ATF_TP_ADD_TC(tp, a_cohort_that_fails_as_one_man_is_told);
	ATF_TP_ADD_TC(tp, one_remains_whatever_fails);
	return atf_no_error();
}
