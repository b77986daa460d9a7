#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atf-c.h>

#include "policy/relay_lease.h"
#include "policy/relay_mailbox.h"

#define PATIENCE 60000 /* milliseconds */

static struct relay_mailbox question;
static stralloc answer;

/* run/check.sock, where nobody answers but the test. */
static int
listen_there(void)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX, .sun_path = "run/check.sock"};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ATF_REQUIRE_EQ(0, mkdir("run", 0755));
	ATF_REQUIRE_EQ(0, bind(fd, (struct sockaddr *)&sun, sizeof(sun)));
	ATF_REQUIRE_EQ(0, listen(fd, 10));
	return fd;
}

/* Take the question, which must be wanted. */
static void
hear(int fd, const char *wanted, size_t len)
{
	char s[1000];
	struct pollfd p = {.fd = fd, .events = POLLIN};

	ATF_REQUIRE_EQ(1, poll(&p, 1, PATIENCE));
	ATF_REQUIRE_EQ((ssize_t)len, read(fd, s, sizeof(s)));
	ATF_CHECK_EQ(0, memcmp(s, wanted, len));
}

static void
ask(void)
{
	answer.len = 0;
	relay_mailbox_ask(&question, "a@x.test", 8, 5);
}

#define QUESTION                                                                         \
	"10:a@x.test\0"                                                                  \
	"5,"

/* What comes of the answer s on the connection fd: as relay_mailbox_go_on. */
static int
answered(int fd, const char *s)
{
	ATF_REQUIRE_EQ((ssize_t)strlen(s), write(fd, s, strlen(s)));
	return relay_mailbox_go_on(&question, &answer);
}

ATF_TC_WITHOUT_HEAD(a_connection_serves_one_question_after_the_other);
ATF_TC_BODY(a_connection_serves_one_question_after_the_other, tc)
{
	int fd, door = listen_there();

	ask();
	ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
	ATF_CHECK_EQ(POLLIN, question.wait.events);
	fd = accept(door, NULL, NULL);
	hear(fd, QUESTION, sizeof(QUESTION) - 1);
	/* it may come in pieces */
	ATF_CHECK_EQ(0, answered(fd, "1"));
	ATF_CHECK_EQ(0, answered(fd, ":K"));
	ATF_CHECK_EQ(1, answered(fd, ","));
	ATF_CHECK(answer.len == 1 && answer.s[0] == 'K');
	ask();
	ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
	hear(fd, QUESTION, sizeof(QUESTION) - 1);
	ATF_CHECK_EQ(1, answered(fd, "12:D550 5.1.1 x,"));
	ATF_CHECK_EQ(12, answer.len);
	ATF_CHECK_EQ(0, memcmp(answer.s, "D550 5.1.1 x", 12));
}

ATF_TC_WITHOUT_HEAD(senseless_answers_are_none);
ATF_TC_BODY(senseless_answers_are_none, tc)
{
	static const char *const bad[] = {"K", "1:X,", "0:,", "9:D550 oops,", "1:K,x",
	    "12:Z550 5.1.1 x,", "99999:", "1:Kx"};
	int fd, door = listen_there();
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ask();
		ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
		fd = accept(door, NULL, NULL);
		hear(fd, QUESTION, sizeof(QUESTION) - 1);
		ATF_CHECK_EQ_MSG(-1, answered(fd, bad[i]), "%s", bad[i]);
		ATF_CHECK_EQ(EPROTO, errno);
		ATF_CHECK_EQ(0, answer.len);
		close(fd);
	}
}

ATF_TC_WITHOUT_HEAD(a_server_that_was_restarted_is_asked_anew);
ATF_TC_BODY(a_server_that_was_restarted_is_asked_anew, tc)
{
	int fd, door = listen_there();

	ask();
	ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
	fd = accept(door, NULL, NULL);
	hear(fd, QUESTION, sizeof(QUESTION) - 1);
	ATF_CHECK_EQ(1, answered(fd, "1:K,"));
	close(fd);
	ask();
	ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
	fd = accept(door, NULL, NULL);
	hear(fd, QUESTION, sizeof(QUESTION) - 1);
	ATF_CHECK_EQ(1, answered(fd, "1:K,"));
	/* but one that hangs up on a new connection has no answer */
	relay_mailbox_leave(&question);
	close(fd);
	ask();
	ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
	fd = accept(door, NULL, NULL);
	hear(fd, QUESTION, sizeof(QUESTION) - 1);
	close(fd);
	ATF_CHECK_EQ(-1, relay_mailbox_go_on(&question, &answer));
	ATF_CHECK_EQ(ECONNRESET, errno);
}

ATF_TC_WITHOUT_HEAD(without_a_server_there_is_no_answer);
ATF_TC_BODY(without_a_server_there_is_no_answer, tc)
{
	ask();
	ATF_CHECK_EQ(-1, relay_mailbox_go_on(&question, &answer));
	ATF_CHECK_EQ(ENOENT, errno);
}

ATF_TC_WITHOUT_HEAD(after_a_silence_nobody_waits_again);
ATF_TC_BODY(after_a_silence_nobody_waits_again, tc)
{
	static struct relay_mailbox other;
	int fd, door = listen_there();

	ask();
	ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
	fd = accept(door, NULL, NULL);
	question.wait.until -= RELAY_MAILBOX_MILLISECONDS + 1;
	ATF_CHECK_EQ(-1, relay_mailbox_go_on(&question, &answer));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	relay_mailbox_ask(&other, "b@x.test", 8, 5);
	ATF_CHECK_EQ(-1, relay_mailbox_go_on(&other, &answer));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	close(fd);
	close(door);
}

/* Is a message to s granted without a question? */
static int
is_granted(const char *s)
{
	answer.len = 0;
	relay_mailbox_ask(&question, s, strlen(s), 5);
	if (!question.is_granted)
		return 0;
	ATF_CHECK_EQ(1, relay_mailbox_go_on(&question, &answer));
	ATF_CHECK(answer.len == 1 && answer.s[0] == 'K');
	return 1;
}

ATF_TC_WITHOUT_HEAD(room_that_was_told_is_granted_from);
ATF_TC_BODY(room_that_was_told_is_granted_from, tc)
{
	static const char *const dumb[] = {"1:K,", "7:KRoom: ,", "15:KRoom: 99999999,",
	    "19:KRoom: x a@x.test 1,", "28:KRoom: -99999999 a@x.test xx,",
	    "39:D552 5.2.2 KRoom: 99999999 a@x.test xxx,"};
	int fd, door = listen_there(), tries;
	size_t i;

	ATF_REQUIRE_EQ(0, relay_lease_begin());
	ask();
	ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
	fd = accept(door, NULL, NULL);
	hear(fd, QUESTION, sizeof(QUESTION) - 1);
	for (i = 0; i < sizeof(dumb) / sizeof(*dumb); i++) {
		ATF_CHECK_EQ_MSG(1, answered(fd, dumb[i]), "%s", dumb[i]);
		ATF_CHECK(!is_granted("a@x.test"));
		ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
		hear(fd, QUESTION, sizeof(QUESTION) - 1);
	}
	/* on a machine that stands still for a second it is asked again */
	for (tries = 0; tries < 20; tries++) {
		ATF_CHECK_EQ(1, answered(fd, "24:KRoom: 99999999 a@x.test,"));
		ATF_CHECK(answer.len == 1 && answer.s[0] == 'K');
		if (is_granted("a@x.test") && is_granted("\"A\"@X.test."))
			break;
		ask();
		ATF_CHECK_EQ(0, relay_mailbox_go_on(&question, &answer));
		hear(fd, QUESTION, sizeof(QUESTION) - 1);
	}
	ATF_CHECK(tries < 20);
	ATF_CHECK(!is_granted("a+x@x.test"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_connection_serves_one_question_after_the_other);
	ATF_TP_ADD_TC(tp, senseless_answers_are_none);
	ATF_TP_ADD_TC(tp, a_server_that_was_restarted_is_asked_anew);
	ATF_TP_ADD_TC(tp, without_a_server_there_is_no_answer);
	ATF_TP_ADD_TC(tp, room_that_was_told_is_granted_from);
	ATF_TP_ADD_TC(tp, after_a_silence_nobody_waits_again);
	return atf_no_error();
}
