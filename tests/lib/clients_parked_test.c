#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/clients_parked.h"

static struct clients_parked parked;
static int other; /* the end of the last connection */

static int
connection(void)
{
	int ends[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	other = ends[1];
	return ends[0];
}

static int
is_left(int end)
{
	char c;

	return recv(end, &c, 1, MSG_DONTWAIT) == 0;
}

ATF_TC_WITHOUT_HEAD(they_go_on_in_their_order);
ATF_TC_BODY(they_go_on_in_their_order, tc)
{
	int fds[3], i;

	ATF_REQUIRE_EQ(0, clients_parked_init(&parked, 3));
	for (i = 0; i < 3; i++)
		clients_parked_put(&parked, fds[i] = connection(), (uid_t)i);
	ATF_CHECK_EQ(fds[1], clients_parked_take(&parked, 1));
	ATF_CHECK_EQ(2, parked.uids[1]);
	ATF_CHECK_EQ(fds[0], clients_parked_take(&parked, 0));
	ATF_CHECK_EQ(fds[2], clients_parked_take(&parked, 0));
	ATF_CHECK_EQ(0, parked.count);
	clients_parked_free(&parked);
}

ATF_TC_WITHOUT_HEAD(who_has_most_gives_way);
ATF_TC_BODY(who_has_most_gives_way, tc)
{
	int ends[5], i;

	ATF_REQUIRE_EQ(0, clients_parked_init(&parked, 3));
	for (i = 0; i < 3; i++) {
		clients_parked_put(&parked, connection(), 1);
		ends[i] = other;
	}
	clients_parked_put(&parked, connection(), 1);
	ATF_CHECK(is_left(other));
	clients_parked_put(&parked, connection(), 2);
	ATF_CHECK(!is_left(other));
	ATF_CHECK(is_left(ends[2]));
	ATF_CHECK(!is_left(ends[1]));
	/* not in turn, without end */
	clients_parked_put(&parked, connection(), 2);
	ATF_CHECK(is_left(other));
	clients_parked_free(&parked);
	ATF_CHECK(is_left(ends[0]));
}

ATF_TC_WITHOUT_HEAD(who_has_gone_is_seen);
ATF_TC_BODY(who_has_gone_is_seen, tc)
{
	struct pollfd polled[2];
	int first;

	ATF_REQUIRE_EQ(0, clients_parked_init(&parked, 2));
	clients_parked_put(&parked, connection(), 1);
	first = other;
	clients_parked_put(&parked, connection(), 2);
	ATF_CHECK_EQ(geteuid(), clients_parked_user(parked.fds[0]));
	/* what it says is no matter yet */
	ATF_REQUIRE_EQ(1, send(first, "x", 1, 0));
	clients_parked_poll(&parked, polled);
	ATF_CHECK_EQ(0, poll(polled, 2, 0));
	close(first);
	clients_parked_poll(&parked, polled);
	ATF_CHECK_EQ(1, poll(polled, 2, 0));
	clients_parked_look(&parked, polled);
	ATF_CHECK_EQ(1, parked.count);
	ATF_CHECK_EQ(2, parked.uids[0]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, they_go_on_in_their_order);
	ATF_TP_ADD_TC(tp, who_has_most_gives_way);
	ATF_TP_ADD_TC(tp, who_has_gone_is_seen);
	return atf_no_error();
}
