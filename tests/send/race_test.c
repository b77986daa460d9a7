#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/ipaddress.h"
#include "send/race.h"
#include "send/socket_address.h"

static unsigned char ip[RACE_MAX][16];
static struct race race = {.ip = (const unsigned char (*)[16])ip, .seconds = 60};
static struct race_memory memory;

static void
run_for(const char *first, const char *second)
{
	ATF_REQUIRE(ipaddress_scan(first, ip[0]));
	race.n = 1;
	if (second != NULL)
		ATF_REQUIRE(ipaddress_scan(second, ip[race.n++]));
}

/* Bind a socket to the address, and its port, or one that becomes race.port; it listens
 * when queue is not -1. */
static int
serve_at(const char *address, int queue)
{
	struct sockaddr_storage ss;
	unsigned char at[16];
	socklen_t len;
	int fd;

	ATF_REQUIRE(ipaddress_scan(address, at));
	len = socket_address_make(&ss, at, race.port);
	fd = socket(ss.ss_family, SOCK_STREAM, 0);
	if (bind(fd, (struct sockaddr *)&ss, len) == -1)
		atf_tc_skip("%s can't be used here", address);
	ATF_REQUIRE_EQ(0, getsockname(fd, (struct sockaddr *)&ss, &len));
	race.port = ntohs(((struct sockaddr_in *)&ss)->sin_port);
	if (queue != -1)
		ATF_REQUIRE_EQ(0, listen(fd, queue));
	return fd;
}

/* A listener whose queue is full leaves those who connect without an answer. */
static void
fill_queue(const char *address)
{
	struct sockaddr_storage ss;
	unsigned char at[16];
	socklen_t len;
	int fd, n;

	ATF_REQUIRE(ipaddress_scan(address, at));
	len = socket_address_make(&ss, at, race.port);
	for (n = 0; n < 10; n++) {
		fd = socket(ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		ATF_REQUIRE(connect(fd, (struct sockaddr *)&ss, len) == 0 ||
			    errno == EINPROGRESS);
		if (deadline_wait(fd, POLLOUT, deadline_now() + 50) == -1)
			return;
	}
	atf_tc_skip("no queue is full here");
}

ATF_TC_WITHOUT_HEAD(the_only_one_wins);
ATF_TC_BODY(the_only_one_wins, tc)
{
	int fd;

	serve_at("127.0.0.1", 5);
	run_for("127.0.0.1", NULL);
	fd = race_run(&race, &memory);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK_EQ(0, race.winner);
	close(fd);
}

ATF_TC_WITHOUT_HEAD(all_may_fail);
ATF_TC_BODY(all_may_fail, tc)
{
	serve_at("127.0.0.1", -1); /* does not listen */
	run_for("127.0.0.1", "127.0.0.1");
	ATF_CHECK_EQ(-1, race_run(&race, &memory));
	ATF_CHECK_EQ(ECONNREFUSED, race.error[0]);
	ATF_CHECK_EQ(ECONNREFUSED, race.error[1]);
	race.n = 0;
	ATF_CHECK_EQ(-1, race_run(&race, &memory));
}

ATF_TC_WITHOUT_HEAD(the_next_one_comes_at_once_after_a_refusal);
ATF_TC_BODY(the_next_one_comes_at_once_after_a_refusal, tc)
{
	int64_t begun;
	int fd;

	serve_at("127.0.0.2", 5);
	serve_at("127.0.0.1", -1);
	run_for("127.0.0.1", "127.0.0.2");
	begun = deadline_now();
	fd = race_run(&race, &memory);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK_EQ(1, race.winner);
	ATF_CHECK_EQ(ECONNREFUSED, race.error[0]);
	/* it did not wait for its time, or the clock went wild */
	ATF_CHECK_MSG(deadline_now() - begun < RACE_DELAY + 5000, "too slow");
	close(fd);
}

ATF_TC_WITHOUT_HEAD(one_that_is_silent_holds_nobody_up);
ATF_TC_BODY(one_that_is_silent_holds_nobody_up, tc)
{
	int fd;

	serve_at("::1", 0);
	serve_at("127.0.0.1", 5);
	fill_queue("::1");
	run_for("::1", "127.0.0.1");
	fd = race_run(&race, &memory);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK_EQ(1, race.winner);
	ATF_CHECK_EQ(0, race.error[0]);
	close(fd);
	/* its family comes last from now on, and the other one first */
	ATF_CHECK(memory.ip6_until > deadline_now());
	ATF_CHECK_EQ(0, memory.ip4_until);
	fd = race_run(&race, &memory);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK_EQ(1, race.winner);
	close(fd);
	/* until it wins again */
	run_for("127.0.0.1", NULL);
	memory.ip4_until = deadline_now() + 100000;
	fd = race_run(&race, &memory);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK_EQ(0, memory.ip4_until);
}

ATF_TC_WITHOUT_HEAD(silence_has_an_end);
ATF_TC_BODY(silence_has_an_end, tc)
{
	serve_at("127.0.0.1", 0);
	fill_queue("127.0.0.1");
	run_for("127.0.0.1", NULL);
	race.seconds = 1;
	ATF_CHECK_EQ(-1, race_run(&race, &memory));
	ATF_CHECK_EQ(ETIMEDOUT, race.error[0]);
}

ATF_TC_WITHOUT_HEAD(our_own_address_is_used);
ATF_TC_BODY(our_own_address_is_used, tc)
{
	struct bind_address source = {.has_ip4 = 1};
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	unsigned char own[16];
	char text[IPADDRESS_TEXT_MAX];
	int fd, server = serve_at("127.0.0.1", 5);

	race.source = &source;
	run_for("127.0.0.1", NULL);
	ATF_REQUIRE(ipaddress_scan("127.0.0.7", source.ip4));
	fd = race_run(&race, &memory);
	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE(accept(server, (struct sockaddr *)&ss, &len) != -1);
	ATF_REQUIRE(socket_address_take(own, &ss));
	ATF_CHECK_STREQ("127.0.0.7", ipaddress_text(text, own));
	/* one that we don't have is our fault */
	ATF_REQUIRE(ipaddress_scan("192.0.2.1", source.ip4));
	ATF_CHECK_EQ(-1, race_run(&race, &memory));
	ATF_CHECK_EQ(EADDRNOTAVAIL, race.error[0]);
	ATF_CHECK(race.is_ours[0]);
	/* the other family has none */
	source.has_ip4 = 0;
	source.has_ip6 = 1;
	ATF_CHECK(race_run(&race, &memory) != -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_only_one_wins);
	ATF_TP_ADD_TC(tp, all_may_fail);
	ATF_TP_ADD_TC(tp, the_next_one_comes_at_once_after_a_refusal);
	ATF_TP_ADD_TC(tp, one_that_is_silent_holds_nobody_up);
	ATF_TP_ADD_TC(tp, silence_has_an_end);
	ATF_TP_ADD_TC(tp, our_own_address_is_used);
	return atf_no_error();
}
