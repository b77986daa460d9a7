#include <errno.h>
#include <sys/stat.h>

#include <atf-c.h>

#include "schedule/lookout.h"

static struct scheduler s;
static struct lookout l;

static void
begin(int trigger)
{
	ATF_REQUIRE_EQ(0, mkdir("queue", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/new", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/later", 0700));
	l.trigger.fd = trigger;
	s.now_ms = 1000;
}

/* Is a scan wanted after a look so many milliseconds later? */
static int
wants_scan(int64_t ms)
{
	l.scan.wanted = 0;
	s.now_ms += ms;
	lookout_look(&l, &s);
	return l.scan.wanted;
}

ATF_TC_WITHOUT_HEAD(a_folder_that_has_changed_is_scanned_when_idle);
ATF_TC_BODY(a_folder_that_has_changed_is_scanned_when_idle, tc)
{
	begin(0);
	ATF_CHECK(wants_scan(0));
	ATF_REQUIRE_EQ(0, new_scan_begin(&l.scan));
	new_scan_end(&l.scan);
	ATF_CHECK(!wants_scan(300000));
	ATF_REQUIRE_EQ(0, mkdir("queue/new/x", 0700));
	ATF_CHECK(!wants_scan(299999));
	ATF_CHECK(wants_scan(1));
	/* soon after work */
	s.active.all.count = 1;
	ATF_CHECK(!wants_scan(100000));
	s.active.all.count = 0;
	ATF_CHECK(!wants_scan(9999));
	ATF_CHECK(wants_scan(1));
}

ATF_TC_WITHOUT_HEAD(work_without_end_does_not_put_the_look_off_for_ever);
ATF_TC_BODY(work_without_end_does_not_put_the_look_off_for_ever, tc)
{
	begin(0);
	ATF_CHECK(wants_scan(0));
	ATF_REQUIRE_EQ(0, new_scan_begin(&l.scan));
	new_scan_end(&l.scan);
	ATF_REQUIRE_EQ(0, mkdir("queue/new/x", 0700));
	s.active.all.count = 1;
	for (int n = 0; n < 59; ++n)
		ATF_CHECK(!wants_scan(5000));
	/* who waits for the time that is told comes in time */
	ATF_CHECK(lookout_until(&l) <= 301000);
	ATF_CHECK(wants_scan(5000));
	ATF_CHECK(!wants_scan(5000));
}

ATF_TC_WITHOUT_HEAD(without_a_trigger_it_is_scanned_each_second);
ATF_TC_BODY(without_a_trigger_it_is_scanned_each_second, tc)
{
	begin(-1);
	s.active.all.count = 1;
	ATF_CHECK(wants_scan(0));
	ATF_CHECK(!wants_scan(999));
	ATF_CHECK(wants_scan(1));
}

ATF_TC_WITHOUT_HEAD(in_a_shortage_we_rest_and_look_for_all_afterwards);
ATF_TC_BODY(in_a_shortage_we_rest_and_look_for_all_afterwards, tc)
{
	begin(0);
	lookout_trouble(&l, &s, EMFILE);
	ATF_CHECK_EQ(11000, l.pause);
	ATF_CHECK_EQ(1, l.scan.wanted);
	ATF_CHECK_EQ(1, s.paused_wanted);
}

ATF_TC_WITHOUT_HEAD(what_cannot_be_read_holds_up_nobody);
ATF_TC_BODY(what_cannot_be_read_holds_up_nobody, tc)
{
	begin(0);
	lookout_trouble(&l, &s, EIO);
	ATF_CHECK_EQ(0, l.pause);
	l.look = INT64_MAX;
	ATF_CHECK_EQ(301000, lookout_until(&l));
	ATF_CHECK(!wants_scan(299999));
	ATF_CHECK(wants_scan(1));
	ATF_CHECK_EQ(0, l.retry);
}

ATF_TC_WITHOUT_HEAD(those_that_had_no_place_are_looked_for_when_there_is_room);
ATF_TC_BODY(those_that_had_no_place_are_looked_for_when_there_is_room, tc)
{
	begin(0);
	l.look = INT64_MAX;
	s.backlog.lost = 1;
	s.backlog.ids.count = BACKLOG_MAX / 2;
	ATF_CHECK(!wants_scan(0));
	s.backlog.ids.count = BACKLOG_MAX / 2 - 1;
	ATF_CHECK(wants_scan(0));
	ATF_CHECK_EQ(0, s.backlog.lost);
	ATF_CHECK_EQ(1, l.scan.again);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_folder_that_has_changed_is_scanned_when_idle);
	ATF_TP_ADD_TC(tp, work_without_end_does_not_put_the_look_off_for_ever);
	ATF_TP_ADD_TC(tp, without_a_trigger_it_is_scanned_each_second);
	ATF_TP_ADD_TC(tp, in_a_shortage_we_rest_and_look_for_all_afterwards);
	ATF_TP_ADD_TC(tp, what_cannot_be_read_holds_up_nobody);
	ATF_TP_ADD_TC(tp, those_that_had_no_place_are_looked_for_when_there_is_room);
	return atf_no_error();
}
