#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/queue_answer.h"

#define ID "0abcdefghij0123456789abc"
#define PATIENCE 60000 /* milliseconds */

ATF_TC_WITHOUT_HEAD(a_yes_names_the_message);
ATF_TC_BODY(a_yes_names_the_message, tc)
{
	static const char *const others[] = {"", "K", "Z" ID, "k" ID, "K" ID "0",
	    "K0abcdefghij0123456789ab", "K0ABCDEFGHIJ0123456789ABC"};
	size_t i;

	ATF_CHECK(queue_answer_accepts("K" ID, 25, ID));
	ATF_CHECK(queue_answer_accepts("K" ID, 25, ""));
	ATF_CHECK(!queue_answer_accepts("K" ID, 25, "0abcdefghij0123456789abd"));
	for (i = 0; i < sizeof others / sizeof *others; i++)
		ATF_CHECK_MSG(!queue_answer_accepts(others[i], strlen(others[i]), ""),
		    "%s", others[i]);
}

ATF_TC_WITHOUT_HEAD(an_answer_may_come_byte_by_byte);
ATF_TC_BODY(an_answer_may_come_byte_by_byte, tc)
{
	static const char answer[] = "25:K" ID ",";
	char s[QUEUE_ANSWER_ROOM];
	int ends[2], status;
	size_t start, i;

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	if (fork() == 0) {
		for (i = 0; i < sizeof answer - 1; i++, usleep(1000))
			if (write(ends[1], answer + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	ATF_CHECK_EQ(
	    25, queue_answer_read(ends[0], s, &start, deadline_now() + PATIENCE));
	ATF_CHECK(memcmp(s + start, "K" ID, 25) == 0);
	ATF_CHECK(wait(&status) != -1 && status == 0);
	ATF_CHECK_EQ(-1, queue_answer_read(ends[0], s, &start, deadline_now()));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	close(ends[1]);
	ATF_CHECK_EQ(
	    -1, queue_answer_read(ends[0], s, &start, deadline_now() + PATIENCE));
	ATF_CHECK_EQ(EPIPE, errno);
}

/* A read waits for some seconds only: here for less. */
ATF_TC_WITHOUT_HEAD(an_answer_may_take_long);
ATF_TC_BODY(an_answer_may_take_long, tc)
{
	static const char answer[] = "25:K" ID ",";
	struct timeval silence = {.tv_usec = 1000};
	char s[QUEUE_ANSWER_ROOM];
	int ends[2], status;
	size_t start;

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	ATF_REQUIRE_EQ(0, queue_answer_prepare(ends[0]));
	ATF_REQUIRE_EQ(
	    0, setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence));
	if (fork() == 0) {
		usleep(300000);
		_exit(write(ends[1], answer, sizeof answer - 1) !=
		      (ssize_t)sizeof answer - 1);
	}
	ATF_CHECK_EQ(
	    25, queue_answer_read(ends[0], s, &start, deadline_now() + PATIENCE));
	ATF_CHECK(memcmp(s + start, "K" ID, 25) == 0);
	ATF_CHECK(wait(&status) != -1 && status == 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_answer_may_take_long);
	ATF_TP_ADD_TC(tp, a_yes_names_the_message);
	ATF_TP_ADD_TC(tp, an_answer_may_come_byte_by_byte);
	return atf_no_error();
}
