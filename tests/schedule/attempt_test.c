#include <string.h>

#include <atf-c.h>

#include "schedule/attempt.h"

#define NOW 1795430400
#define DAY 86400

static struct scheduler s;
static struct message m;
static struct file_recipient recipients[2];

static void
begin(void)
{
	static struct envelope_recipient addresses[] = {
	    {.address = "y@b.test"}, {.address = "z@b.test"}};

	s.now = NOW;
	s.settings.lifetime = 7 * DAY;
	s.settings.retry[0] = 8 * DAY;
	s.settings.retries = 1;
	m.file.envelope.sender = "x@a.test";
	m.file.envelope.recipients = addresses;
	m.file.envelope.count = 2;
	m.file.recipients = recipients;
}

static void
answer(char letter, const char *status, const char *text, int ours)
{
	struct outcome o = {0};

	outcome_set(&o, letter, status, text, (char *)NULL);
	o.unasked = (char)ours;
	attempt_answer(&s, &m, 0, "remote", &o);
	outcome_free(&o);
}

static int
has_line(const char *words)
{
	stralloc_0(&m.lines);
	--m.lines.len;
	return strstr(m.lines.s, words) != NULL;
}

ATF_TC_WITHOUT_HEAD(an_outcome_is_remembered_for_the_journal);
ATF_TC_BODY(an_outcome_is_remembered_for_the_journal, tc)
{
	begin();
	answer('K', "2.0.0", "relayed: mx.b.test[192.0.2.1] said: 250 ok", 0);
	ATF_CHECK_EQ('K', recipients[0].state);
	ATF_CHECK_EQ(0, recipients[1].state);
	ATF_CHECK(has_line("250 ok"));
	ATF_CHECK_EQ(1, m.unsynced);
	ATF_CHECK_EQ(NOW, m.file.first_try);
	ATF_CHECK_EQ(1, m.file.tries);
}

ATF_TC_WITHOUT_HEAD(who_is_put_off_for_too_long_is_given_up);
ATF_TC_BODY(who_is_put_off_for_too_long_is_given_up, tc)
{
	begin();
	m.file.first_try = NOW - 7 * DAY + 1;
	answer('Z', "4.2.0", "mx.b.test[192.0.2.1] said: 450 later", 0);
	ATF_CHECK_EQ('Z', recipients[0].state);
	ATF_CHECK_EQ(1, m.put_off);
	++s.now;
	answer('Z', "4.2.0", "mx.b.test[192.0.2.1] said: 450 later", 0);
	ATF_CHECK_EQ('D', recipients[0].state);
	ATF_CHECK(has_line("given up after 7 days: mx.b.test"));
}

ATF_TC_WITHOUT_HEAD(our_own_trouble_bounces_nothing);
ATF_TC_BODY(our_own_trouble_bounces_nothing, tc)
{
	begin();
	m.file.first_try = NOW - 90 * DAY;
	answer('Z', "4.3.0", "the disk is full", 0);
	ATF_CHECK_EQ('Z', recipients[0].state);
	answer('Z', "4.4.1", "the connection to the delivery program was lost", 1);
	ATF_CHECK_EQ('Z', recipients[0].state);
	/* a server's own trouble is not ours */
	answer('Z', "4.3.1", "mx.b.test[192.0.2.1] said: 452 full", 0);
	ATF_CHECK_EQ('D', recipients[0].state);
}

ATF_TC_WITHOUT_HEAD(without_our_domains_nothing_goes_anywhere);
ATF_TC_BODY(without_our_domains_nothing_goes_anywhere, tc)
{
	begin();
	recipients[1].state = 'K';
	attempt_begin(&s, &m);
	ATF_CHECK_EQ(0, m.jobs);
	ATF_CHECK_EQ('Z', recipients[0].state);
	ATF_CHECK_EQ('K', recipients[1].state);
	ATF_CHECK_EQ(0, m.put_off);
	ATF_CHECK(has_line("our domains are not known"));
}

ATF_TC_WITHOUT_HEAD(a_job_is_deferred_from_where_it_stopped);
ATF_TC_BODY(a_job_is_deferred_from_where_it_stopped, tc)
{
	struct destination *d =
	    destination_get(&s.destinations, ROUTE_REMOTE, "b.test", "");
	struct task *job = task_make(&m, d, NULL);

	begin();
	task_add(job, 0);
	task_add(job, 1);
	s.channels[ROUTE_REMOTE].name = "remote";
	attempt_defer(&s, job, 1, "4.3.0", "lost", 1);
	ATF_CHECK_EQ(0, recipients[0].state);
	ATF_CHECK_EQ('Z', recipients[1].state);
	d->down_until = 9999;
	attempt_defer_down(&s, job, "no route");
	ATF_CHECK_EQ('Z', recipients[0].state);
	ATF_CHECK_EQ(9999, m.not_before);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_outcome_is_remembered_for_the_journal);
	ATF_TP_ADD_TC(tp, who_is_put_off_for_too_long_is_given_up);
	ATF_TP_ADD_TC(tp, our_own_trouble_bounces_nothing);
	ATF_TP_ADD_TC(tp, without_our_domains_nothing_goes_anywhere);
	ATF_TP_ADD_TC(tp, a_job_is_deferred_from_where_it_stopped);
	return atf_no_error();
}
