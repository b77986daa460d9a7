#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atf-c.h>

#include "schedule/channel.h"
#include "schedule/message.h"

static struct channel c;
static struct message m;

static void
begin(enum route_channel channel, size_t limit)
{
	static struct envelope_recipient recipient = {.address = "y@b.test"};

	channel_init(&c, channel);
	c.limit = limit;
	strcpy(m.id, "0hofc52zpb5l953d9rf5s00a");
	m.file.fd = open("/dev/null", O_RDONLY);
	m.file.envelope.sender = "x@a.test";
	m.file.envelope.recipients = &recipient;
	m.file.envelope.count = 1;
}

/* Whoever delivers: nobody answers. */
static void
listen_there(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ATF_REQUIRE_EQ(0, mkdir("run", 0700));
	strcpy(address.sun_path, c.path);
	ATF_REQUIRE_EQ(0, bind(fd, (struct sockaddr *)&address, sizeof address));
	ATF_REQUIRE_EQ(0, listen(fd, 10));
}

static struct task *
make_job(const char *domain)
{
	static struct destination_table t;
	struct task *job =
	    task_make(&m, destination_get(&t, c.channel, domain, ""), NULL);

	task_add(job, 0);
	return job;
}

static int
start(const char *domain, int64_t now_ms)
{
	return channel_begin(&c, make_job(domain), now_ms);
}

/* A job for the domain is done, by the worker with this number. */
static int
serve(const char *domain, int64_t now_ms)
{
	size_t i = 0;

	ATF_REQUIRE_EQ(1, start(domain, now_ms));
	ATF_CHECK_EQ(1, c.busy);
	while (worker_job(c.workers[i]) == NULL)
		++i;
	channel_end(&c, c.workers[i], now_ms);
	ATF_CHECK_EQ(0, c.busy);
	return i;
}

ATF_TC_WITHOUT_HEAD(where_nobody_listens_the_pauses_grow);
ATF_TC_BODY(where_nobody_listens_the_pauses_grow, tc)
{
	begin(ROUTE_LOCAL, 5);
	ATF_CHECK_EQ(0, start("b.test", 0));
	ATF_CHECK_EQ(1000, c.retry);
	ATF_CHECK_EQ(0, start("b.test", 1000));
	ATF_CHECK_EQ(3000, c.retry);
	for (int i = 0; i < 10; ++i)
		start("b.test", 0);
	ATF_CHECK_EQ(32000, c.retry);
	listen_there();
	ATF_CHECK_EQ(1, start("b.test", 0));
	ATF_CHECK_EQ(0, c.failures);
}

ATF_TC_WITHOUT_HEAD(a_session_that_is_open_is_used_again);
ATF_TC_BODY(a_session_that_is_open_is_used_again, tc)
{
	begin(ROUTE_REMOTE, 2);
	listen_there();
	ATF_CHECK_EQ(0, serve("a.test", 1000));
	ATF_CHECK_EQ(1, serve("b.test", 2000));
	ATF_CHECK_EQ(0, serve("a.test", 3000));
	ATF_CHECK_EQ(2, c.count);
	/* no room for a third one: the one that has been idle for longest */
	ATF_CHECK_EQ(1, serve("c.test", 4000));
	ATF_CHECK_EQ(2, c.count);
	ATF_CHECK_EQ(33000, channel_until(&c));
}

/* Jobs follow one in its session, but not for ever. */
ATF_TC_WITHOUT_HEAD(a_session_goes_on_for_a_while);
ATF_TC_BODY(a_session_goes_on_for_a_while, tc)
{
	struct worker *w;
	int n;

	begin(ROUTE_REMOTE, 1);
	listen_there();
	serve("a.test", 1000);
	w = c.workers[0];
	for (n = 0; channel_may_go_on(&c, w, 1000); n++) {
		ATF_REQUIRE_EQ(1, channel_go_on(&c, w, make_job("a.test"), 1000));
		ATF_CHECK(!channel_may_go_on(&c, w, 1000));
		ATF_CHECK_EQ(1, c.busy);
		channel_end(&c, w, 1000);
	}
	ATF_CHECK_EQ(20, n);
	/* a turn of its own, at a server that takes its time */
	serve("a.test", 5000);
	ATF_CHECK(channel_may_go_on(&c, w, 7999));
	ATF_CHECK(!channel_may_go_on(&c, w, 8000));
}

ATF_TC_WITHOUT_HEAD(local_mail_goes_over_any_connection);
ATF_TC_BODY(local_mail_goes_over_any_connection, tc)
{
	begin(ROUTE_LOCAL, 5);
	listen_there();
	ATF_CHECK_EQ(0, serve("a.test", 1000));
	ATF_CHECK_EQ(0, serve("b.test", 2000));
	ATF_CHECK_EQ(1, c.count);
}

ATF_TC_WITHOUT_HEAD(a_connection_takes_many_local_jobs);
ATF_TC_BODY(a_connection_takes_many_local_jobs, tc)
{
	begin(ROUTE_LOCAL, 2);
	listen_there();
	for (int i = 0; i < 2 * WORKER_JOBS_MAX; ++i) {
		ATF_CHECK(channel_has_room(&c, 0));
		ATF_REQUIRE_EQ(1, start("a.test", 0));
	}
	ATF_CHECK_EQ(2, c.count);
	ATF_CHECK_EQ(WORKER_JOBS_MAX, c.workers[0]->count);
	ATF_CHECK(!channel_has_room(&c, 0));
	channel_end(&c, c.workers[1], 0);
	ATF_CHECK(channel_has_room(&c, 0));
	ATF_REQUIRE_EQ(1, start("a.test", 0));
	ATF_CHECK_EQ(WORKER_JOBS_MAX, c.workers[1]->count);
}

ATF_TC_WITHOUT_HEAD(who_is_slow_gets_no_more_jobs);
ATF_TC_BODY(who_is_slow_gets_no_more_jobs, tc)
{
	begin(ROUTE_LOCAL, 2);
	listen_there();
	ATF_REQUIRE_EQ(1, start("a.test", 0));
	ATF_REQUIRE_EQ(1, start("a.test", 999));
	ATF_CHECK_EQ(2, c.workers[0]->count);
	ATF_REQUIRE_EQ(1, start("a.test", 1000));
	ATF_CHECK_EQ(2, c.workers[0]->count);
	ATF_CHECK_EQ(1, c.workers[1]->count);
	/* the next one has its time from now on */
	channel_end(&c, c.workers[0], 1500);
	ATF_CHECK_EQ(301500, c.workers[0]->until);
	ATF_REQUIRE_EQ(1, start("a.test", 1501));
	ATF_CHECK_EQ(2, c.workers[0]->count);
}

ATF_TC_WITHOUT_HEAD(others_go_on_beside_those_that_are_stalled);
ATF_TC_BODY(others_go_on_beside_those_that_are_stalled, tc)
{
	int64_t now = 0;
	size_t n;

	begin(ROUTE_LOCAL, 2);
	listen_there();
	ATF_REQUIRE_EQ(1, start("a.test", 0));
	ATF_CHECK_EQ(1000, channel_more_at(&c, 999));
	for (n = 1; n < 8; n++) {
		now += 1000;
		ATF_CHECK(channel_has_room(&c, now));
		ATF_REQUIRE_EQ(1, start("a.test", now));
		ATF_CHECK_EQ(n + 1, c.count);
	}
	/* but not without end */
	ATF_CHECK(!channel_has_room(&c, now + 5000));
	ATF_CHECK_EQ(0, start("a.test", now + 5000));
	ATF_CHECK_EQ(INT64_MAX, channel_more_at(&c, now + 5000));
	channel_end(&c, c.workers[3], now + 5000);
	ATF_REQUIRE_EQ(1, start("a.test", now + 5000));
	ATF_CHECK_EQ(8, c.count);
}

ATF_TC_WITHOUT_HEAD(what_has_not_been_said_can_be_taken_back);
ATF_TC_BODY(what_has_not_been_said_can_be_taken_back, tc)
{
	int small = 1, n = 0;

	begin(ROUTE_LOCAL, 1);
	listen_there();
	ATF_REQUIRE_EQ(1, start("a.test", 0));
	ATF_REQUIRE_EQ(
	    0, setsockopt(c.workers[0]->fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small));
	for (int i = 1; i < WORKER_JOBS_MAX; ++i)
		ATF_REQUIRE_EQ(1, start("a.test", 0));
	ATF_CHECK_EQ(POLLIN | POLLOUT, worker_events(c.workers[0]));
	while (channel_take_back(&c, c.workers[0], 0) != NULL)
		++n;
	ATF_CHECK(n > 0);
	ATF_CHECK_EQ(WORKER_JOBS_MAX, c.workers[0]->count + n);
	ATF_CHECK_EQ(c.busy, c.workers[0]->count);
	ATF_CHECK(worker_job(c.workers[0]) != NULL);
}

ATF_TC_WITHOUT_HEAD(a_large_message_has_more_time);
ATF_TC_BODY(a_large_message_has_more_time, tc)
{
	begin(ROUTE_REMOTE, 5);
	listen_there();
	ATF_CHECK_EQ(INT64_MAX, channel_until(&c));
	ATF_REQUIRE_EQ(1, start("a.test", 1000));
	ATF_CHECK_EQ(2701000, channel_until(&c));
	m.file.header.message = 10000000;
	ATF_REQUIRE_EQ(1, start("b.test", 1000));
	ATF_CHECK_EQ(12701000, c.workers[1]->until);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, where_nobody_listens_the_pauses_grow);
	ATF_TP_ADD_TC(tp, a_session_that_is_open_is_used_again);
	ATF_TP_ADD_TC(tp, a_session_goes_on_for_a_while);
	ATF_TP_ADD_TC(tp, local_mail_goes_over_any_connection);
	ATF_TP_ADD_TC(tp, a_connection_takes_many_local_jobs);
	ATF_TP_ADD_TC(tp, who_is_slow_gets_no_more_jobs);
	ATF_TP_ADD_TC(tp, others_go_on_beside_those_that_are_stalled);
	ATF_TP_ADD_TC(tp, what_has_not_been_said_can_be_taken_back);
	ATF_TP_ADD_TC(tp, a_large_message_has_more_time);
	return atf_no_error();
}
