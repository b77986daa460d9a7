#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/envelope.h"
#include "lib/text.h"
#include "queue/header.h"
#include "schedule/life.h"

#define ID "0hofc52zpb5l953d9rf5s00a"
#define NEW "queue/new/" ID
#define NOW 1795430400

static struct scheduler s;

/* A message in queue/new, from x@a.test to some recipients. */
static void
make_file(size_t recipients)
{
	static const char text[] = "Subject: x\n\nx\n";
	struct header header = {.message = sizeof text - 1};
	char first[HEADER_LEN];
	stralloc envelope = {0};
	int fd;

	envelope_begin(&envelope, "x@a.test");
	for (size_t i = 0; i < recipients; ++i)
		envelope_put_recipient(&envelope, "y@b.test");
	envelope_end(&envelope);
	header.envelope = envelope.len;
	header_format(first, &header);
	fd = open(NEW, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ(HEADER_LEN, write(fd, first, HEADER_LEN));
	ATF_REQUIRE_EQ(sizeof text - 1, write(fd, text, sizeof text - 1));
	ATF_REQUIRE_EQ(envelope.len, write(fd, envelope.s, envelope.len));
	close(fd);
	stralloc_free(&envelope);
}

static void
begin(size_t recipients)
{
	static const char *const folders[] = {
	    "queue", "queue/new", "queue/later", "queue/paused", "queue/bad"};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; ++i)
		ATF_REQUIRE_EQ(0, mkdir(folders[i], 0700));
	make_file(recipients);
	s.now = NOW;
	s.now_ms = 1000;
	s.active.most = ACTIVE_MAX;
	s.settings.retry[0] = 300;
	s.settings.retries = 1;
	s.settings.lifetime = 604800;
}

/* The message, active, its recipients with these outcomes, and so many jobs. */
static struct message *
attempt(const char *states, size_t jobs)
{
	struct message *m;

	begin(strlen(states));
	ATF_REQUIRE_EQ(1, message_open(&m, &s.buckets.foreign, 0, ID, 0));
	for (size_t i = 0; states[i] != '\0'; ++i)
		m->file.recipients[i].state = states[i];
	m->file.first_try = NOW;
	m->put_off = 1;
	m->jobs = jobs;
	m->state = MESSAGE_ATTEMPTING;
	active_add(&s.active, m);
	return m;
}

static void
end_job(struct message *m)
{
	event_job_ended(&s.events, task_make(m, NULL, NULL));
	life_go_on(&s);
}

static void
end_report(struct message *m, int ok)
{
	struct event e = {.kind = EVENT_REPORTED, .message = m, .ok = ok, .id = ID};

	ring_shift(&s.reports.waiting);
	event_put(&s.events, &e);
	life_go_on(&s);
}

static int
is_deferred(void)
{
	glob_t found;
	int r = glob("queue/later/*/" ID, 0, NULL, &found);

	globfree(&found);
	return r == 0;
}

ATF_TC_WITHOUT_HEAD(the_last_job_settles_it);
ATF_TC_BODY(the_last_job_settles_it, tc)
{
	struct message *m = attempt("KK", 2);

	end_job(m);
	ATF_CHECK_EQ(1, m->jobs);
	ATF_CHECK_EQ(MESSAGE_ATTEMPTING, m->state);
	ATF_CHECK_EQ(0, access(NEW, F_OK));
	end_job(m);
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK_EQ(-1, access(NEW, F_OK));
}

ATF_TC_WITHOUT_HEAD(who_was_put_off_waits_for_the_next_attempt);
ATF_TC_BODY(who_was_put_off_waits_for_the_next_attempt, tc)
{
	end_job(attempt("KZ", 1));
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK(is_deferred());
}

ATF_TC_WITHOUT_HEAD(a_failure_is_reported_before_it_is_gone);
ATF_TC_BODY(a_failure_is_reported_before_it_is_gone, tc)
{
	struct message *m = attempt("KD", 1);

	end_job(m);
	ATF_CHECK_EQ(MESSAGE_REPORTING, m->state);
	ATF_CHECK(s.reports.waiting == &m->ring);
	ATF_CHECK(!m->delays);
	end_report(m, 1);
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK_EQ(-1, access(NEW, F_OK));
}

ATF_TC_WITHOUT_HEAD(a_report_that_fails_is_made_later);
ATF_TC_BODY(a_report_that_fails_is_made_later, tc)
{
	struct message *m = attempt("D", 1);

	end_job(m);
	end_report(m, 0);
	ATF_CHECK(s.reports.waiting == NULL);
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK(is_deferred());
}

ATF_TC_WITHOUT_HEAD(a_report_owed_from_before_comes_before_the_attempt);
ATF_TC_BODY(a_report_owed_from_before_comes_before_the_attempt, tc)
{
	struct message *m = attempt("DZ", 0);

	m->state = MESSAGE_OWING;
	ring_put(&s.reports.waiting, &m->ring);
	end_report(m, 1);
	/* our domains are not known: trouble of our own, tried again soon */
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK(is_deferred());
}

ATF_TC_WITHOUT_HEAD(a_step_that_fails_is_tried_again_after_a_pause);
ATF_TC_BODY(a_step_that_fails_is_tried_again_after_a_pause, tc)
{
	struct message *m = attempt("K", 1);

	/* a folder can't be unlinked, whoever we are */
	ATF_REQUIRE_EQ(0, rename(NEW, "away"));
	ATF_REQUIRE_EQ(0, mkdir(NEW, 0700));
	end_job(m);
	ATF_CHECK_EQ(MESSAGE_STUCK, m->state);
	ATF_CHECK_EQ(11000, s.wake);
	s.now_ms = 10999;
	life_wake(&s);
	life_go_on(&s);
	ATF_CHECK_EQ(MESSAGE_STUCK, m->state);
	s.now_ms = 11000;
	life_wake(&s);
	life_go_on(&s);
	ATF_CHECK_EQ(21000, s.wake);
	ATF_REQUIRE_EQ(0, rmdir(NEW));
	ATF_REQUIRE_EQ(0, rename("away", NEW));
	s.now_ms = 21000;
	life_wake(&s);
	life_go_on(&s);
	ATF_CHECK_EQ(0, s.wake);
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK_EQ(-1, access(NEW, F_OK));
}

/* The same for one that the queue's service has in its journal. */
static struct message *
attempt_unfiled(const char *states)
{
	struct message *m;

	begin(strlen(states));
	ATF_REQUIRE_EQ(0, mkdir("queue/journal", 0700));
	ATF_REQUIRE_EQ(1, message_take(&m, ID, 0, open(NEW, O_RDONLY)));
	ATF_REQUIRE_EQ(0, unlink(NEW));
	for (size_t i = 0; states[i] != '\0'; ++i)
		m->file.recipients[i].state = states[i];
	m->file.first_try = NOW;
	m->put_off = 1;
	m->jobs = 1;
	m->state = MESSAGE_ATTEMPTING;
	active_add(&s.active, m);
	s.active.unfiled = 1;
	s.supply.fd = -1;
	return m;
}

/* A child writes what waits for that. */
static void
write_files(void)
{
	spill_begin(&s.spill, &s.events);
	if (s.spill.child != 0)
		spill_end(&s.spill, &s.events);
	life_go_on(&s);
}

static void
end_filing(struct message *m)
{
	struct event e = {.kind = EVENT_FILED, .message = m};

	event_put(&s.events, &e);
	life_go_on(&s);
}

ATF_TC_WITHOUT_HEAD(what_is_done_at_once_never_is_a_file);
ATF_TC_BODY(what_is_done_at_once_never_is_a_file, tc)
{
	end_job(attempt_unfiled("KK"));
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK_EQ(0, s.active.unfiled);
	ATF_CHECK(settled_has(&s.supply.settled, ID));
	ATF_CHECK(s.spill.waiting == NULL);
}

ATF_TC_WITHOUT_HEAD(what_is_deferred_is_a_file_first);
ATF_TC_BODY(what_is_deferred_is_a_file_first, tc)
{
	struct message *m = attempt_unfiled("KZ");
	static const char lines[] = "1795430400 K 0 2.0.0 ok\n";
	struct file f;
	const char *why;
	glob_t found;

	text_set(&m->lines, lines);
	m->lines.len = sizeof lines - 1;
	end_job(m);
	ATF_CHECK_EQ(MESSAGE_FILING, m->state);
	write_files();
	ATF_CHECK_EQ(MESSAGE_FILING, m->state);
	ATF_CHECK_EQ(0, access("queue/journal/" ID, F_OK));
	ATF_CHECK_EQ(-1, access(NEW, F_OK));
	end_filing(m);
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK_EQ(0, s.active.unfiled);
	ATF_REQUIRE_EQ(0, glob("queue/later/*/" ID, 0, NULL, &found));
	ATF_REQUIRE_EQ(1, file_open(&f, found.gl_pathv[0], FILE_LOCK, &why));
	ATF_CHECK_EQ('K', f.recipients[0].state);
	ATF_CHECK_EQ(0, f.recipients[1].state);
	file_close(&f);
	globfree(&found);
}

ATF_TC_WITHOUT_HEAD(what_takes_long_is_a_file_meanwhile);
ATF_TC_BODY(what_takes_long_is_a_file_meanwhile, tc)
{
	struct message *m = attempt_unfiled("K");

	m->wake = s.wake = s.now_ms;
	life_wake(&s);
	life_go_on(&s);
	ATF_CHECK_EQ(MESSAGE_ATTEMPTING, m->state);
	ATF_CHECK(s.spill.waiting == &m->ring);
	write_files();
	ATF_CHECK_EQ(MESSAGE_ATTEMPTING, m->state);
	/* its last job ends before the service has heard of the file */
	end_job(m);
	ATF_CHECK_EQ(MESSAGE_FILING, m->state);
	end_filing(m);
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK_EQ(-1, access("queue/journal/" ID, F_OK));
	ATF_CHECK_EQ(-1, access(NEW, F_OK));
}

ATF_TC_WITHOUT_HEAD(what_can_not_be_a_file_is_tried_again_after_a_pause);
ATF_TC_BODY(what_can_not_be_a_file_is_tried_again_after_a_pause, tc)
{
	struct message *m = attempt_unfiled("Z");

	ATF_REQUIRE_EQ(0, rmdir("queue/journal"));
	end_job(m);
	write_files();
	ATF_CHECK_EQ(MESSAGE_STUCK, m->state);
	ATF_CHECK_EQ(MESSAGE_SETTLING, m->then);
	ATF_REQUIRE_EQ(0, mkdir("queue/journal", 0700));
	s.now_ms = 11000;
	life_wake(&s);
	life_go_on(&s);
	ATF_CHECK_EQ(MESSAGE_FILING, m->state);
	write_files();
	end_filing(m);
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK(is_deferred());
}

ATF_TC_WITHOUT_HEAD(the_service_may_have_moved_the_file);
ATF_TC_BODY(the_service_may_have_moved_the_file, tc)
{
	struct message *m = attempt_unfiled("Z");

	end_job(m);
	write_files();
	ATF_REQUIRE_EQ(0, rename("queue/journal/" ID, NEW));
	end_filing(m);
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK(is_deferred());
}

ATF_TC_WITHOUT_HEAD(one_that_is_known_is_not_begun_again);
ATF_TC_BODY(one_that_is_known_is_not_begun_again, tc)
{
	struct backlog_waiter w = {.id = ID};
	struct message *m;

	begin(1);
	ATF_REQUIRE_EQ(1, message_open(&m, &s.buckets.foreign, 0, ID, 0));
	ATF_CHECK_EQ(MESSAGE_BUSY, life_begin(&s, 0, ID, 0));
	active_add(&s.active, m);
	ATF_CHECK_EQ(0, life_begin(&s, 0, ID, 0));
	active_remove(&s.active, m);
	/* it waits for room, and was moved meanwhile */
	backlog_put(&s.backlog, &w, 0);
	ATF_CHECK_EQ(0, life_begin(&s, 77, ID, 0));
	ATF_CHECK_EQ(77, backlog_find(&s.backlog, ID)->bucket);
}

ATF_TC_WITHOUT_HEAD(what_is_begun_ends_and_what_is_gone_is_no_trouble);
ATF_TC_BODY(what_is_begun_ends_and_what_is_gone_is_no_trouble, tc)
{
	begin(1);
	ATF_CHECK_EQ(1, life_begin(&s, 0, ID, 0));
	ATF_CHECK_EQ(0, s.active.all.count);
	ATF_CHECK(is_deferred());
	ATF_CHECK_EQ(0, life_begin(&s, 0, ID, 0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_last_job_settles_it);
	ATF_TP_ADD_TC(tp, who_was_put_off_waits_for_the_next_attempt);
	ATF_TP_ADD_TC(tp, a_failure_is_reported_before_it_is_gone);
	ATF_TP_ADD_TC(tp, a_report_that_fails_is_made_later);
	ATF_TP_ADD_TC(tp, a_report_owed_from_before_comes_before_the_attempt);
	ATF_TP_ADD_TC(tp, a_step_that_fails_is_tried_again_after_a_pause);
	ATF_TP_ADD_TC(tp, what_is_done_at_once_never_is_a_file);
	ATF_TP_ADD_TC(tp, what_is_deferred_is_a_file_first);
	ATF_TP_ADD_TC(tp, what_takes_long_is_a_file_meanwhile);
	ATF_TP_ADD_TC(tp, what_can_not_be_a_file_is_tried_again_after_a_pause);
	ATF_TP_ADD_TC(tp, the_service_may_have_moved_the_file);
	ATF_TP_ADD_TC(tp, one_that_is_known_is_not_begun_again);
	ATF_TP_ADD_TC(tp, what_is_begun_ends_and_what_is_gone_is_no_trouble);
	return atf_no_error();
}
