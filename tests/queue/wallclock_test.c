#include <atf-c.h>

#include "queue/wallclock.h"

#define DAY 86400
#define WALL 1795430000LL
#define EVEN 5000LL

static struct wallclock c;

/* So many seconds after the start, with the wall's clock wrong by so many. */
static int64_t
look(int64_t after, int64_t wrong)
{
	return wallclock_look(&c, (WALL + after + wrong) * 1000, (EVEN + after) * 1000);
}

ATF_TC_WITHOUT_HEAD(time_that_goes_by_is_no_jump);
ATF_TC_BODY(time_that_goes_by_is_no_jump, tc)
{
	ATF_CHECK_EQ(0, look(0, 0));
	ATF_CHECK_EQ(0, look(1, 0));
	ATF_CHECK_EQ(0, look(30 * DAY, 5));
	ATF_CHECK_EQ(0, look(60 * DAY, 12));
	ATF_CHECK_EQ(60 * DAY, wallclock_age(&c, WALL, WALL + 60 * DAY));
}

ATF_TC_WITHOUT_HEAD(a_jump_forward_makes_nothing_older);
ATF_TC_BODY(a_jump_forward_makes_nothing_older, tc)
{
	look(0, 0);
	ATF_CHECK_EQ(30 * DAY, look(100, 30 * DAY));
	ATF_CHECK_EQ(0, look(200, 30 * DAY));
	ATF_CHECK_EQ(200, wallclock_age(&c, WALL, WALL + 200 + 30 * DAY));
	/* what began later is as old as it looks */
	ATF_CHECK_EQ(50, wallclock_age(&c, WALL + 150 + 30 * DAY, WALL + 200 + 30 * DAY));
}

ATF_TC_WITHOUT_HEAD(a_jump_back_undoes_one_forward);
ATF_TC_BODY(a_jump_back_undoes_one_forward, tc)
{
	look(0, 0);
	look(10, 30 * DAY);
	ATF_CHECK_EQ(-20 * DAY, look(20, 10 * DAY));
	ATF_CHECK_EQ(30, wallclock_age(&c, WALL, WALL + 30 + 10 * DAY));
	ATF_CHECK_EQ(-10 * DAY, look(40, 0));
	ATF_CHECK_EQ(50, wallclock_age(&c, WALL, WALL + 50));
	ATF_CHECK_EQ(0, c.count);
	/* what began with the wrong clock lies in the future */
	ATF_CHECK(wallclock_age(&c, WALL + 15 + 30 * DAY, WALL + 50) < 0);
	/* back without having been put forward */
	ATF_CHECK_EQ(-DAY, look(60, -DAY));
	ATF_CHECK_EQ(70 - DAY, wallclock_age(&c, WALL, WALL + 70 - DAY));
}

ATF_TC_WITHOUT_HEAD(only_so_many_jumps_are_remembered);
ATF_TC_BODY(only_so_many_jumps_are_remembered, tc)
{
	look(0, 0);
	for (int i = 1; i <= 20; ++i)
		ATF_CHECK_EQ(DAY, look(i, i * DAY));
	ATF_CHECK_EQ(WALLCLOCK_JUMPS, c.count);
	ATF_CHECK_EQ(1, wallclock_age(&c, WALL + 19 + 19 * DAY, WALL + 20 + 20 * DAY));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, time_that_goes_by_is_no_jump);
	ATF_TP_ADD_TC(tp, a_jump_forward_makes_nothing_older);
	ATF_TP_ADD_TC(tp, a_jump_back_undoes_one_forward);
	ATF_TP_ADD_TC(tp, only_so_many_jumps_are_remembered);
	return atf_no_error();
}
