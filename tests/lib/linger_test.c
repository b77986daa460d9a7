#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/linger.h"

static int ends[2];

static void
make_pair(void)
{
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
}

ATF_TC_WITHOUT_HEAD(it_ends_when_the_peer_closes);
ATF_TC_BODY(it_ends_when_the_peer_closes, tc)
{
	int64_t began = deadline_now();
	char c;

	make_pair();
	ATF_REQUIRE_EQ(4, write(ends[1], "QUIT", 4));
	ATF_REQUIRE_EQ(0, shutdown(ends[1], SHUT_WR));
	linger(ends[0], ends[0]);
	ATF_CHECK(deadline_now() - began < LINGER_SECONDS * 900);
	ATF_CHECK_EQ(0, read(ends[1], &c, 1)); /* we have said all */
	ATF_CHECK_EQ(0, read(ends[0], &c, 1)); /* and read all */
}

ATF_TC_WITHOUT_HEAD(a_peer_that_stays_is_left_in_time);
ATF_TC_BODY(a_peer_that_stays_is_left_in_time, tc)
{
	int64_t began = deadline_now(), took;

	make_pair();
	linger(ends[0], ends[0]);
	took = deadline_now() - began;
	ATF_CHECK(took >= LINGER_SECONDS * 1000 && took < LINGER_SECONDS * 6000);
}

static void *
talk(void *unused)
{
	static const char words[65536];

	while (send(ends[1], words, sizeof words, MSG_NOSIGNAL) > 0)
		;
	return unused;
}

ATF_TC_WITHOUT_HEAD(a_peer_that_talks_on_is_left);
ATF_TC_BODY(a_peer_that_talks_on_is_left, tc)
{
	pthread_t talker;
	int64_t began = deadline_now();

	make_pair();
	ATF_REQUIRE_EQ(0, pthread_create(&talker, NULL, talk, NULL));
	linger(ends[0], ends[0]);
	ATF_CHECK(deadline_now() - began < LINGER_SECONDS * 900);
	close(ends[0]);
	ATF_REQUIRE_EQ(0, pthread_join(talker, NULL));
}

ATF_TC_WITHOUT_HEAD(what_is_no_socket_is_left_at_once);
ATF_TC_BODY(what_is_no_socket_is_left_at_once, tc)
{
	int64_t began = deadline_now();
	int pipes[2];

	ATF_REQUIRE_EQ(0, pipe(pipes));
	linger(pipes[0], pipes[1]);
	ATF_CHECK(deadline_now() - began < LINGER_SECONDS * 900);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_ends_when_the_peer_closes);
	ATF_TP_ADD_TC(tp, a_peer_that_stays_is_left_in_time);
	ATF_TP_ADD_TC(tp, a_peer_that_talks_on_is_left);
	ATF_TP_ADD_TC(tp, what_is_no_socket_is_left_at_once);
	return atf_no_error();
}
