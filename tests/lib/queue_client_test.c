#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/netstring.h"
#include "lib/queue_client.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define PATIENCE 60 /* seconds that no sound service needs */
#define SOON 20000  /* milliseconds: much less than what a silent one would take */
#define LARGE 3000000
#define ID "0abcdefghij0123456789abc"
#define OTHER_ID "0abcdefghij0123456789abd"

static const char envelope[] = "Fa@example.test\0Tb@example.test\0";

static struct queue_client client = QUEUE_CLIENT_CLOSED;
static stralloc report;
static char large[LARGE];

/*
 * A service in a child: it takes connections one after the other, and act what comes on
 * each; n is the number of the connection.
 */
static pid_t
serve(void (*act)(int fd, int n))
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "sock"};
	int listening = socket(AF_UNIX, SOCK_STREAM, 0), fd, n;
	pid_t pid;

	unlink("sock");
	ATF_REQUIRE_EQ(0, bind(listening, (struct sockaddr *)&address, sizeof address));
	ATF_REQUIRE_EQ(0, listen(listening, 10));
	pid = fork();
	ATF_REQUIRE(pid != -1);
	if (pid > 0) {
		close(listening);
		return pid;
	}
	alarm(4 * PATIENCE);
	for (n = 0; (fd = accept(listening, NULL, NULL)) != -1; n++) {
		act(fd, n);
		close(fd);
	}
	_exit(1);
}

static void
stop(pid_t pid)
{
	queue_client_close(&client);
	kill(pid, SIGKILL);
	ATF_CHECK_EQ(pid, waitpid(pid, NULL, 0));
	unlink("sock");
}

/*
 * Read a whole message; each netstring to the file heard, a line each.  1, or 0 at the
 * end.
 */
static int
hear(int fd)
{
	static stralloc s, all;
	int heard, after_end = 0;

	all.len = 0;
	while (netstring_read(fd, &s, ENVELOPE_MAX, PATIENCE) == 1) {
		text_catb(&all, s.s, s.len);
		text_catb(&all, "\n", 1);
		if (after_end)
			break;
		after_end = s.len == 0;
	}
	if (all.len == 0)
		return 0;
	heard = open("heard", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (heard == -1 || write(heard, all.s, all.len) != (ssize_t)all.len)
		_exit(1);
	close(heard);
	return after_end;
}

static void
say(int fd, const char *s)
{
	if (write(fd, s, strlen(s)) == -1)
		_exit(1);
}

static void
take_all(int fd, int n)
{
	(void)n;
	while (hear(fd))
		say(fd, "25:K" ID ",");
}

/* The message in pieces of 1,000,000 bytes, and its envelope; as queue_client_end. */
static int
hand_over(const char *id, const char *s, size_t len)
{
	size_t piece;

	queue_client_begin(&client, id);
	for (; len > 1000000; s += piece, len -= piece) {
		piece = 1000000;
		if (queue_client_write(&client, s, piece, PATIENCE) == -1 &&
		    errno != EPIPE)
			return -1;
	}
	queue_client_last(&client, s, len);
	return queue_client_end(&client, envelope, sizeof envelope, &report, PATIENCE);
}

static void
check_heard(const char *expected, size_t len)
{
	char s[1000];
	int fd = open("heard", O_RDONLY);

	ATF_REQUIRE(fd != -1);
	ATF_CHECK_EQ((ssize_t)len, read(fd, s, sizeof s));
	ATF_CHECK(memcmp(s, expected, len) == 0);
	close(fd);
}

#define CHECK_HEARD(s) check_heard(s, sizeof(s) - 1)
#define ENVELOPE "Fa@example.test\0Tb@example.test\0\0\n"

ATF_TC_WITHOUT_HEAD(messages_go_one_after_the_other_on_a_connection);
ATF_TC_BODY(messages_go_one_after_the_other_on_a_connection, tc)
{
	pid_t pid = serve(take_all);
	int fd;

	ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
	fd = client.fd;
	ATF_CHECK_EQ(ACCEPT, hand_over(ID, "one\n", 4));
	ATF_CHECK_STREQ(ID, report.s);
	CHECK_HEARD("M" ID "\none\n\n\n" ENVELOPE);
	/* the service makes an ID when none is given; nothing else is one */
	ATF_CHECK_EQ(ACCEPT, hand_over(NULL, "", 0));
	ATF_CHECK_STREQ(ID, report.s);
	CHECK_HEARD("M\n\n" ENVELOPE);
	ATF_CHECK_EQ(ACCEPT, hand_over("../x", "two\n", 4));
	CHECK_HEARD("M\ntwo\n\n\n" ENVELOPE);
	queue_client_begin(&client, ID);
	ATF_CHECK_EQ(0, queue_client_write(&client, "in ", 3, PATIENCE));
	ATF_CHECK_EQ(0, queue_client_write(&client, "", 0, PATIENCE));
	ATF_CHECK_EQ(0, queue_client_write(&client, "parts\n", 6, PATIENCE));
	ATF_CHECK_EQ(ACCEPT,
	    queue_client_end(&client, envelope, sizeof envelope, &report, PATIENCE));
	CHECK_HEARD("M" ID "\nin \nparts\n\n\n" ENVELOPE);
	ATF_CHECK_EQ(fd, client.fd);
	stop(pid);
}

static void
count_bytes(int fd, int n)
{
	static stralloc s;
	char text[100];
	size_t len = 0;

	(void)n;
	while (netstring_read(fd, &s, QUEUE_CLIENT_PIECE_MAX, PATIENCE) == 1 &&
	       s.len > 0 && s.len <= QUEUE_CLIENT_PIECE_MAX)
		len += s.len;
	if (netstring_read(fd, &s, ENVELOPE_MAX, PATIENCE) != 1)
		_exit(1);
	snprintf(text, sizeof text, "Z%zu bytes, %zu of envelope", len, s.len);
	snprintf(s.s, 200, "%zu:%s,", strlen(text), text);
	say(fd, s.s);
}

ATF_TC_WITHOUT_HEAD(large_ones_go_in_pieces);
ATF_TC_BODY(large_ones_go_in_pieces, tc)
{
	pid_t pid = serve(count_bytes);

	ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
	queue_client_begin(&client, ID);
	ATF_CHECK_EQ(0, queue_client_write(&client, large, sizeof large, PATIENCE));
	queue_client_last(&client, large, sizeof large);
	ATF_CHECK_EQ(
	    DEFER, queue_client_end(&client, large, sizeof large, &report, PATIENCE));
	ATF_CHECK_STREQ("6000025 bytes, 3000000 of envelope", report.s);
	stop(pid);
}

static void
take_one(int fd, int n)
{
	(void)n;
	hear(fd);
	say(fd, "25:K" ID ",");
}

ATF_TC_WITHOUT_HEAD(a_connection_that_was_closed_meanwhile_is_opened_anew);
ATF_TC_BODY(a_connection_that_was_closed_meanwhile_is_opened_anew, tc)
{
	pid_t pid = serve(take_one);
	int i;

	ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
	for (i = 0; i < 3; i++) {
		ATF_CHECK_EQ(ACCEPT, hand_over(ID, "one\n", 4));
		/* until it is closed */
		ATF_CHECK_EQ(0,
		    deadline_wait(client.fd, POLLIN, deadline_now() + PATIENCE * 1000));
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ATF_CHECK_EQ(DEFER, hand_over(ID, "one\n", 4));
	ATF_CHECK_STREQ("unable to reach the queue's service (#4.3.0)", report.s);
	ATF_CHECK_EQ(-1, client.fd);
	queue_client_begin(&client, ID);
	unlink("sock");
	pid = serve(take_one);
	ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
	stop(pid);
}

ATF_TC_WITHOUT_HEAD(one_that_is_not_there_is_told);
ATF_TC_BODY(one_that_is_not_there_is_told, tc)
{
	pid_t pid;

	ATF_CHECK_EQ(-1, queue_client_open(&client, "sock"));
	ATF_CHECK_EQ(ENOENT, errno);
	pid = serve(take_one);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ATF_CHECK_EQ(-1, queue_client_open(&client, "sock"));
	ATF_CHECK_EQ(ECONNREFUSED, errno);
	ATF_CHECK_EQ(-1, client.fd);
}

static void
refuse(int fd, int n)
{
	(void)n;
	hear(fd);
	say(fd, "33:Dan address is\033 too long (#5.1.3),");
	hear(fd);
	say(fd, "2:Z ,");
	hear(fd);
	say(fd, "1:D,");
}

ATF_TC_WITHOUT_HEAD(refusals_are_told_and_end_nothing);
ATF_TC_BODY(refusals_are_told_and_end_nothing, tc)
{
	pid_t pid = serve(refuse);
	int fd;

	ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
	fd = client.fd;
	ATF_CHECK_EQ(REJECT, hand_over(ID, "one\n", 4));
	ATF_CHECK_STREQ("an address is  too long (#5.1.3)", report.s);
	ATF_CHECK_EQ(DEFER, hand_over(ID, "one\n", 4));
	ATF_CHECK_EQ(fd, client.fd);
	ATF_CHECK_EQ(REJECT, hand_over(ID, "one\n", 4));
	ATF_CHECK_STREQ("", report.s);
	stop(pid);
}

/* The first time it closes, then it stays; it reads no more in either case. */
static void
refuse_early(int fd, int n)
{
	char s[10];

	if (read(fd, s, sizeof s) == -1)
		_exit(1);
	say(fd, "25:Zunable to write (#4.3.0),");
	while (n > 0 && read(fd, s, 0) == 0)
		pause();
}

ATF_TC_WITHOUT_HEAD(a_refusal_before_the_end_is_heard);
ATF_TC_BODY(a_refusal_before_the_end_is_heard, tc)
{
	pid_t pid = serve(refuse_early);
	int64_t began = deadline_now();
	int i;

	for (i = 0; i < 2; i++) {
		ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
		ATF_CHECK_EQ(DEFER, hand_over(ID, large, sizeof large));
		ATF_CHECK_STREQ("unable to write (#4.3.0)", report.s);
		ATF_CHECK_EQ(-1, client.fd);
	}
	ATF_CHECK(deadline_now() - began < SOON);
	stop(pid);
}

static void
accept_early(int fd, int n)
{
	char s[10];

	(void)n;
	if (read(fd, s, sizeof s) == -1)
		_exit(1);
	say(fd, "25:K" ID ",");
	pause();
}

ATF_TC_WITHOUT_HEAD(what_is_not_whole_can_not_be_accepted);
ATF_TC_BODY(what_is_not_whole_can_not_be_accepted, tc)
{
	pid_t pid = serve(accept_early);

	ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
	ATF_CHECK_EQ(DEFER, hand_over(ID, large, sizeof large));
	ATF_CHECK_EQ(-1, client.fd);
	stop(pid);
}

static const char *const nonsense[] = {"250 ok\r\n", "1:K,", "4:Kabc,", "0:,",
    "25:K" OTHER_ID ",", "24:K" ID ",", "25:K" ID ",0:,", "5:Xwhat,", "25:k" ID ",",
    "2000:Z", "01:Z,", "-1:Z,", "99999999999999999999:Z", "25:K" ID ";",
    "25:K0ABCDEFGHIJ0123456789ABC,"};
#define NONSENSE (int)(sizeof nonsense / sizeof *nonsense)

static const char *const cut[] = {"", "2", "25:", "25:K", "25:K" ID, "10:Z", "5:Dwhat"};
#define CUT (int)(sizeof cut / sizeof *cut)

static void
talk_nonsense(int fd, int n)
{
	hear(fd);
	say(fd, n < NONSENSE ? nonsense[n] : cut[n - NONSENSE]);
}

ATF_TC_WITHOUT_HEAD(nonsense_is_no_acceptance);
ATF_TC_BODY(nonsense_is_no_acceptance, tc)
{
	pid_t pid = serve(talk_nonsense);
	int i;

	for (i = 0; i < NONSENSE + CUT; i++) {
		ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
		ATF_CHECK_EQ_MSG(DEFER, hand_over(ID, "one\n", 4), "%d", i);
		ATF_CHECK_STREQ(i < NONSENSE
				    ? "the queue's service talks nonsense (#4.3.0)"
				    : "the queue's service ended without an answer "
				      "(#4.3.0)",
		    report.s);
		ATF_CHECK_EQ(-1, client.fd);
	}
	stop(pid);
}

static void
keep_silent(int fd, int n)
{
	if (n == 0)
		hear(fd);
	if (n == 1)
		say(fd, "25:K");
	pause();
}

ATF_TC_WITHOUT_HEAD(one_that_is_silent_is_left);
ATF_TC_BODY(one_that_is_silent_is_left, tc)
{
	pid_t pid;
	int64_t began = deadline_now();
	int i;

	for (i = 0; i < 2; i++) {
		pid = serve(keep_silent);
		ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
		queue_client_begin(&client, ID);
		ATF_CHECK_EQ(DEFER,
		    queue_client_end(&client, envelope, sizeof envelope, &report, 1));
		ATF_CHECK_STREQ("the queue's service does not answer (#4.3.0)", report.s);
		ATF_CHECK_EQ(-1, client.fd);
		stop(pid);
	}
	ATF_CHECK(deadline_now() - began < SOON);
}

static void
read_nothing(int fd, int n)
{
	(void)fd;
	(void)n;
	pause();
}

ATF_TC_WITHOUT_HEAD(one_that_does_not_read_is_left);
ATF_TC_BODY(one_that_does_not_read_is_left, tc)
{
	pid_t pid = serve(read_nothing);
	int64_t began = deadline_now();

	ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
	queue_client_begin(&client, ID);
	ATF_CHECK_EQ(-1, queue_client_write(&client, large, sizeof large, 1));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK_EQ(
	    DEFER, queue_client_end(&client, envelope, sizeof envelope, &report, 1));
	ATF_CHECK_EQ(-1, client.fd);
	ATF_CHECK(deadline_now() - began < SOON);
	stop(pid);
}

static void
tell_end(int fd, int n)
{
	int end;

	(void)n;
	if (hear(fd)) {
		say(fd, "25:K" ID ",");
		return;
	}
	end = open("end", O_WRONLY | O_CREAT, 0600);
	close(end);
}

ATF_TC_WITHOUT_HEAD(what_is_given_up_has_no_end);
ATF_TC_BODY(what_is_given_up_has_no_end, tc)
{
	pid_t pid = serve(tell_end);
	int64_t until = deadline_now() + PATIENCE * 1000;

	ATF_REQUIRE_EQ(0, queue_client_open(&client, "sock"));
	queue_client_begin(&client, ID);
	queue_client_last(&client, "one\n", 4);
	queue_client_abort(&client);
	/* nothing had been said */
	ATF_CHECK(client.fd != -1);
	queue_client_begin(&client, ID);
	ATF_CHECK_EQ(0, queue_client_write(&client, "two\n", 4, PATIENCE));
	queue_client_abort(&client);
	ATF_CHECK_EQ(-1, client.fd);
	while (access("end", F_OK) == -1 && deadline_now() < until)
		usleep(10000);
	CHECK_HEARD("M" ID "\ntwo\n\n");
	stop(pid);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, messages_go_one_after_the_other_on_a_connection);
	ATF_TP_ADD_TC(tp, large_ones_go_in_pieces);
	ATF_TP_ADD_TC(tp, a_connection_that_was_closed_meanwhile_is_opened_anew);
	ATF_TP_ADD_TC(tp, one_that_is_not_there_is_told);
	ATF_TP_ADD_TC(tp, refusals_are_told_and_end_nothing);
	ATF_TP_ADD_TC(tp, a_refusal_before_the_end_is_heard);
	ATF_TP_ADD_TC(tp, what_is_not_whole_can_not_be_accepted);
	ATF_TP_ADD_TC(tp, nonsense_is_no_acceptance);
	ATF_TP_ADD_TC(tp, one_that_is_silent_is_left);
	ATF_TP_ADD_TC(tp, one_that_does_not_read_is_left);
	ATF_TP_ADD_TC(tp, what_is_given_up_has_no_end);
	return atf_no_error();
}
