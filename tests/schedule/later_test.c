#include <atf-c.h>

#include "schedule/later.h"

static struct scheduler s;
static struct file_recipient recipient = {.state = 'Z'};
static struct message m;

/* Seconds that m waits after so many tries. */
static int64_t
wait_after(unsigned tries)
{
	static struct envelope_recipient address = {.address = "y@b.test"};

	m.file.recipients = &recipient;
	m.file.envelope.sender = "x@a.test";
	m.file.envelope.recipients = &address;
	m.file.envelope.count = 1;
	m.file.tries = tries;
	s.settings.retry[0] = 300;
	s.settings.retry[1] = 7200;
	s.settings.retries = 2;
	return later_wait(&s, &m);
}

ATF_TC_WITHOUT_HEAD(who_was_put_off_waits_as_the_schedule_says);
ATF_TC_BODY(who_was_put_off_waits_as_the_schedule_says, tc)
{
	m.put_off = 1;
	ATF_CHECK_EQ(300, wait_after(1));
	ATF_CHECK_EQ(7200, wait_after(2));
	ATF_CHECK_EQ(7200, wait_after(50));
}

ATF_TC_WITHOUT_HEAD(trouble_of_our_own_is_tried_again_sooner);
ATF_TC_BODY(trouble_of_our_own_is_tried_again_sooner, tc)
{
	ATF_CHECK_EQ(15, wait_after(0));
	ATF_CHECK_EQ(15, wait_after(1));
	ATF_CHECK_EQ(30, wait_after(2));
	ATF_CHECK_EQ(7200, wait_after(50));
}

ATF_TC_WITHOUT_HEAD(nobody_comes_back_while_the_destination_is_down);
ATF_TC_BODY(nobody_comes_back_while_the_destination_is_down, tc)
{
	m.put_off = 1;
	s.now_ms = 5000;
	m.not_before = 5000 + 1000001;
	ATF_CHECK_EQ(1001, wait_after(1));
	m.not_before = 6000;
	ATF_CHECK_EQ(300, wait_after(1));
}

ATF_TC_WITHOUT_HEAD(a_delay_to_be_reported_wakes_it);
ATF_TC_BODY(a_delay_to_be_reported_wakes_it, tc)
{
	m.put_off = 1;
	s.now = 1795430400;
	m.file.first_try = s.now - 3600;
	s.settings.delay_warning = 3700;
	ATF_CHECK_EQ(100, wait_after(2));
	s.settings.delay_warning = 0;
	ATF_CHECK_EQ(7200, wait_after(2));
}

ATF_TC_WITHOUT_HEAD(a_report_that_failed_is_made_soon);
ATF_TC_BODY(a_report_that_failed_is_made_soon, tc)
{
	recipient.state = 'D';
	ATF_CHECK_EQ(300, wait_after(2));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, who_was_put_off_waits_as_the_schedule_says);
	ATF_TP_ADD_TC(tp, trouble_of_our_own_is_tried_again_sooner);
	ATF_TP_ADD_TC(tp, nobody_comes_back_while_the_destination_is_down);
	ATF_TP_ADD_TC(tp, a_delay_to_be_reported_wakes_it);
	ATF_TP_ADD_TC(tp, a_report_that_failed_is_made_soon);
	return atf_no_error();
}
