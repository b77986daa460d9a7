#include <string.h>

#include <atf-c.h>

#include "schedule/sender.h"

#define NOW 1795430400

static struct scheduler s;
static struct message m;
static struct file_recipient recipients[2];

static void
begin(const char *states)
{
	static struct envelope_recipient addresses[] = {
	    {.address = "y@b.test"}, {.address = "z@b.test"}};

	s.now = NOW;
	s.settings.delay_warning = 3600;
	s.settings.retry[0] = 86400;
	s.settings.retries = 1;
	m.file.envelope.sender = "x@a.test";
	m.file.envelope.recipients = addresses;
	m.file.envelope.count = strlen(states);
	m.file.recipients = recipients;
	m.file.first_try = NOW - 60;
	for (size_t i = 0; states[i] != '\0'; ++i)
		recipients[i].state = states[i];
}

ATF_TC_WITHOUT_HEAD(a_failure_is_told_once);
ATF_TC_BODY(a_failure_is_told_once, tc)
{
	begin("DK");
	ATF_CHECK(sender_is_owed(&s, &m));
	ATF_CHECK(!m.delays);
	sender_told(&s, &m, "0hofc52zpb5l953d9rf5s00a");
	ATF_CHECK_EQ('B', recipients[0].state);
	ATF_CHECK_EQ('K', recipients[1].state);
	ATF_CHECK_EQ(1, m.unsynced);
	ATF_CHECK(m.lines.len > 0);
	ATF_CHECK(!sender_is_owed(&s, &m));
}

ATF_TC_WITHOUT_HEAD(a_delay_is_told_when_its_time_has_come);
ATF_TC_BODY(a_delay_is_told_when_its_time_has_come, tc)
{
	begin("Z");
	ATF_CHECK(!sender_is_owed(&s, &m));
	ATF_CHECK_EQ(3540, sender_until_warning(&s, &m));
	m.file.first_try = NOW - 3600;
	ATF_CHECK(sender_is_owed(&s, &m));
	ATF_CHECK(m.delays);
	sender_told(&s, &m, "0hofc52zpb5l953d9rf5s00a");
	ATF_CHECK_EQ('Z', recipients[0].state);
	ATF_CHECK_EQ(1, recipients[0].warned);
	ATF_CHECK(!sender_is_owed(&s, &m));
	ATF_CHECK_EQ(INT64_MAX, sender_until_warning(&s, &m));
}

ATF_TC_WITHOUT_HEAD(what_has_ended_is_told_before_a_delay);
ATF_TC_BODY(what_has_ended_is_told_before_a_delay, tc)
{
	begin("ZD");
	m.file.first_try = NOW - 7200;
	ATF_CHECK(sender_is_owed(&s, &m));
	ATF_CHECK(!m.delays);
}

ATF_TC_WITHOUT_HEAD(a_report_that_failed_waits_for_the_next_attempt);
ATF_TC_BODY(a_report_that_failed_waits_for_the_next_attempt, tc)
{
	begin("D");
	m.unreported = 1;
	ATF_CHECK(!sender_is_owed(&s, &m));
	/* which it comes before, when the journal tells of it */
	ATF_CHECK(!sender_is_owed_first(&m));
	m.file.has_journal = 1;
	ATF_CHECK(sender_is_owed_first(&m));
}

ATF_TC_WITHOUT_HEAD(who_wants_to_hear_of_nothing_is_spared);
ATF_TC_BODY(who_wants_to_hear_of_nothing_is_spared, tc)
{
	static struct envelope_parameter never = {"NOTIFY", "NEVER"};

	begin("DD");
	m.file.envelope.parameters = &never;
	m.file.envelope.all_parameters = 1;
	m.file.envelope.recipients[0].parameters = 1;
	sender_spare(&s, &m);
	ATF_CHECK_EQ('B', recipients[0].state);
	ATF_CHECK_EQ('D', recipients[1].state);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_failure_is_told_once);
	ATF_TP_ADD_TC(tp, a_delay_is_told_when_its_time_has_come);
	ATF_TP_ADD_TC(tp, what_has_ended_is_told_before_a_delay);
	ATF_TP_ADD_TC(tp, a_report_that_failed_waits_for_the_next_attempt);
	ATF_TP_ADD_TC(tp, who_wants_to_hear_of_nothing_is_spared);
	return atf_no_error();
}
