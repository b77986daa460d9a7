#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "accept/desk.h"
#include "accept/door.h"

#define BEGUN 1000000  /* milliseconds by the service's clock, which is ours to set */
#define SILENCE 300000 /* queue-serve(8) */

static struct service service;

/* One who has said this, and our end of its connection. */
static struct guest *
come(int *end, const char *said)
{
	int ends[2];
	struct guest *g;

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	g = guest_add(&service.guests, ends[0], 0, service.now);
	ATF_REQUIRE(g != NULL);
	desk_take(&service, g, said, strlen(said));
	*end = ends[1];
	return g;
}

static int
has_left(int end)
{
	char c;

	return recv(end, &c, 1, MSG_DONTWAIT) == 0;
}

static void
begin(void)
{
	service.guests.epoll = epoll_create1(EPOLL_CLOEXEC);
	ATF_REQUIRE(service.guests.epoll != -1);
	service.now = BEGUN;
}

static void
look_at(int64_t now)
{
	service.now = now;
	door_look(&service);
	guest_bury(&service.guests);
}

ATF_TC_WITHOUT_HEAD(who_is_silent_in_the_middle_of_something_is_left);
ATF_TC_BODY(who_is_silent_in_the_middle_of_something_is_left, tc)
{
	static const char *const said[] = {
	    "2", "1:", "1:M", "1:M,", "1:M,3:abc", "1:M,3:abc,0:,", "1:M,0:,9:Fa@b"};
	int ends[sizeof said / sizeof *said];
	size_t i, n = sizeof said / sizeof *said;

	begin();
	for (i = 0; i < n; i++)
		come(&ends[i], said[i]);
	look_at(BEGUN + SILENCE - 1);
	for (i = 0; i < n; i++)
		ATF_CHECK_MSG(!has_left(ends[i]), "%s", said[i]);
	look_at(BEGUN + SILENCE);
	for (i = 0; i < n; i++)
		ATF_CHECK_MSG(has_left(ends[i]), "%s", said[i]);
	ATF_CHECK_EQ(0, service.guests.count);
}

ATF_TC_WITHOUT_HEAD(who_says_something_has_its_time_anew);
ATF_TC_BODY(who_says_something_has_its_time_anew, tc)
{
	int silent, slow;
	struct guest *g;

	begin();
	g = come(&slow, "1:M,1000:a");
	come(&silent, "1:M,1000:a");
	service.now = BEGUN + SILENCE - 1;
	guest_heard(&service.guests, g, service.now);
	desk_take(&service, g, "b", 1);
	look_at(BEGUN + SILENCE);
	ATF_CHECK(has_left(silent));
	ATF_CHECK(!has_left(slow));
	look_at(BEGUN + 2 * SILENCE - 2);
	ATF_CHECK(!has_left(slow));
	look_at(BEGUN + 2 * SILENCE - 1);
	ATF_CHECK(has_left(slow));
}

/* A connection that is kept between two messages, and who waits for us. */
ATF_TC_WITHOUT_HEAD(who_owes_nothing_may_be_silent);
ATF_TC_BODY(who_owes_nothing_may_be_silent, tc)
{
	int idle, owed, stalled;

	begin();
	come(&idle, "");
	come(&owed, "1:M,100:a")->owed = 1;
	come(&stalled, "1:M,100:a")->stalled = 1;
	look_at(BEGUN + 100 * SILENCE);
	ATF_CHECK(!has_left(idle));
	ATF_CHECK(!has_left(owed));
	ATF_CHECK(!has_left(stalled));
	ATF_CHECK_EQ(3, service.guests.count);
}

ATF_TC_WITHOUT_HEAD(who_does_not_take_its_answer_is_left);
ATF_TC_BODY(who_does_not_take_its_answer_is_left, tc)
{
	static char much[300000];
	struct guest *g;
	int deaf;

	begin();
	g = come(&deaf, "");
	guest_say(&service.guests, g, much, sizeof much / 2);
	guest_say(&service.guests, g, much, sizeof much / 2);
	ATF_REQUIRE(g->out.len > 0);
	look_at(BEGUN + SILENCE - 1);
	ATF_CHECK_EQ(1, service.guests.count);
	look_at(BEGUN + SILENCE);
	ATF_CHECK_EQ(0, service.guests.count);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, who_is_silent_in_the_middle_of_something_is_left);
	ATF_TP_ADD_TC(tp, who_says_something_has_its_time_anew);
	ATF_TP_ADD_TC(tp, who_owes_nothing_may_be_silent);
	ATF_TP_ADD_TC(tp, who_does_not_take_its_answer_is_left);
	return atf_no_error();
}
