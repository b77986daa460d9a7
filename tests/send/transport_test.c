#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/ipaddress.h"
#include "send/transport.h"

#define PATIENCE 60 /* seconds */

static struct transport t;

static int64_t
later(void)
{
	return deadline_now() + PATIENCE * INT64_C(1000);
}

/* A connection within the machine; the other end. */
static int
connect_pair(void)
{
	int ends[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends));
	memset(&t, 0, sizeof(t));
	t.fd = ends[0];
	return ends[1];
}

ATF_TC_WITHOUT_HEAD(input_is_kept_until_it_is_consumed);
ATF_TC_BODY(input_is_kept_until_it_is_consumed, tc)
{
	int peer = connect_pair();

	ATF_CHECK(!transport_has_news(&t));
	ATF_REQUIRE_EQ(5, write(peer, "abcde", 5));
	ATF_CHECK(transport_has_news(&t));
	ATF_CHECK_EQ(1, transport_fill(&t, later()));
	ATF_REQUIRE_EQ(3, write(peer, "fgh", 3));
	ATF_CHECK_EQ(1, transport_fill(&t, later()));
	ATF_CHECK_EQ(8, t.len);
	transport_consume(&t, 3);
	ATF_CHECK_EQ(5, t.len);
	ATF_CHECK_EQ(0, memcmp(t.input, "defgh", 5));
	transport_consume(&t, 5);
	ATF_CHECK_EQ(0, t.len);
	ATF_CHECK_EQ(-1, transport_fill(&t, deadline_now()));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	close(peer);
	ATF_CHECK(transport_has_news(&t));
	ATF_CHECK_EQ(0, transport_fill(&t, later()));
	ATF_CHECK_EQ(0, transport_fill(&t, later()));
}

ATF_TC_WITHOUT_HEAD(input_has_a_limit);
ATF_TC_BODY(input_has_a_limit, tc)
{
	static char much[TRANSPORT_INPUT];
	int peer = connect_pair(), r;
	ssize_t put = 0, n;

	while ((size_t)t.len < sizeof(much)) {
		n = write(peer, much, sizeof(much) - (size_t)put);
		if (n > 0)
			put += n;
		r = transport_fill(&t, later());
		ATF_REQUIRE_EQ(1, r);
	}
	ATF_CHECK_EQ(-1, transport_fill(&t, later()));
	ATF_CHECK_EQ(ENOBUFS, errno);
}

/* A peer that sends first and reads only then must not stop us: RFC 2920, 3.1. */
ATF_TC_WITHOUT_HEAD(neither_waits_for_the_other);
ATF_TC_BODY(neither_waits_for_the_other, tc)
{
	static char ours[1000000], theirs[TRANSPORT_INPUT];
	int peer = connect_pair(), small = 4096, status;
	size_t got = 0;
	ssize_t r;
	pid_t pid;

	setsockopt(t.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	setsockopt(peer, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	pid = fork();
	if (pid == 0) {
		close(t.fd);
		if (deadline_write_all(peer, theirs, sizeof(theirs), PATIENCE) == -1)
			_exit(1);
		for (; got < sizeof(ours); got += (size_t)r) {
			r = deadline_read(peer, ours, sizeof(ours), PATIENCE);
			if (r <= 0)
				_exit(2);
		}
		_exit(0);
	}
	close(peer);
	ATF_CHECK_EQ(0, transport_write(&t, ours, sizeof(ours), PATIENCE));
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK_EQ(0, status);
	ATF_CHECK_EQ(sizeof(theirs), t.len);
}

ATF_TC_WITHOUT_HEAD(who_takes_nothing_is_given_up);
ATF_TC_BODY(who_takes_nothing_is_given_up, tc)
{
	static char much[4000000];
	int peer = connect_pair();

	ATF_CHECK_EQ(-1, transport_write(&t, much, sizeof(much), 1));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	close(peer);
	ATF_CHECK_EQ(-1, transport_write(&t, "x", 1, PATIENCE));
	ATF_CHECK(errno == EPIPE || errno == ECONNRESET);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, input_is_kept_until_it_is_consumed);
	ATF_TP_ADD_TC(tp, input_has_a_limit);
	ATF_TP_ADD_TC(tp, neither_waits_for_the_other);
	ATF_TP_ADD_TC(tp, who_takes_nothing_is_given_up);
	return atf_no_error();
}
