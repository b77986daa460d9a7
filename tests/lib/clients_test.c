#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/clients.h"
#include "lib/text.h"

static const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "sock"};
static pid_t server;

struct count {
	unsigned questions;
};

/* A question is a byte, its answer how many this client has asked; '!' is no question. */
static int
take(void *state, stralloc *heard, stralloc *reply)
{
	struct count *count = state;

	for (size_t i = 0; i < heard->len; i++) {
		if (heard->s[i] == '!')
			return -1;
		text_catb(reply, &"0123456789"[++count->questions % 10], 1);
	}
	heard->len = 0;
	return 0;
}

static void
forget(void *state)
{
	struct count *count = state;

	if (count->questions == 7)
		_exit(7);
}

static void
serve(size_t most)
{
	static const struct clients_service service = {
	    sizeof(struct count), take, forget};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ATF_REQUIRE_EQ(0, bind(fd, (const struct sockaddr *)&address, sizeof(address)));
	ATF_REQUIRE_EQ(0, listen(fd, 10));
	server = fork();
	ATF_REQUIRE(server != -1);
	if (server == 0) {
		alarm(60);
		clients_serve(fd, most, &service);
		_exit(1);
	}
	close(fd);
}

static int
enter(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ATF_REQUIRE_EQ(
	    0, connect(fd, (const struct sockaddr *)&address, sizeof(address)));
	return fd;
}

/* The answers to the questions, as many as there are; '.' when we are left. */
static const char *
ask(int fd, const char *questions)
{
	static char answers[100];
	size_t len = strlen(questions), got = 0;
	ssize_t r;

	ATF_REQUIRE_EQ((ssize_t)len, send(fd, questions, len, MSG_NOSIGNAL));
	while (got < len && (r = recv(fd, answers + got, len - got, 0)) > 0)
		got += (size_t)r;
	if (got < len)
		answers[got++] = '.';
	answers[got] = '\0';
	return answers;
}

static void
end(int expected)
{
	int status;

	if (expected == 0)
		kill(server, SIGKILL);
	ATF_REQUIRE_EQ(server, waitpid(server, &status, 0));
	if (expected != 0)
		ATF_CHECK_EQ(expected, WEXITSTATUS(status));
}

ATF_TC_WITHOUT_HEAD(each_client_has_its_own_state);
ATF_TC_BODY(each_client_has_its_own_state, tc)
{
	int a, b, c;

	serve(5);
	a = enter();
	b = enter();
	ATF_CHECK_STREQ("12", ask(a, "xx"));
	ATF_CHECK_STREQ("1", ask(b, "x"));
	ATF_CHECK_STREQ("345", ask(a, "xxx"));
	close(a);
	c = enter();
	ATF_CHECK_STREQ("1", ask(c, "x"));
	ATF_CHECK_STREQ("23", ask(b, "xx"));
	end(0);
}

ATF_TC_WITHOUT_HEAD(who_asks_nonsense_is_left);
ATF_TC_BODY(who_asks_nonsense_is_left, tc)
{
	int a, b;

	serve(5);
	a = enter();
	b = enter();
	ATF_CHECK_STREQ(".", ask(a, "x!"));
	ATF_CHECK_STREQ("1", ask(b, "x"));
	end(0);
}

ATF_TC_WITHOUT_HEAD(too_many_wait_until_one_leaves);
ATF_TC_BODY(too_many_wait_until_one_leaves, tc)
{
	char c;
	int a, b;

	serve(1);
	a = enter();
	b = enter();
	ATF_REQUIRE_EQ(1, send(b, "x", 1, MSG_NOSIGNAL));
	ATF_CHECK_STREQ("1234", ask(a, "xxxx"));
	ATF_CHECK_EQ(-1, recv(b, &c, 1, MSG_DONTWAIT));
	ATF_CHECK_EQ(EAGAIN, errno);
	close(a);
	ATF_CHECK_EQ(1, recv(b, &c, 1, 0));
	ATF_CHECK_EQ('1', c);
	end(0);
}

ATF_TC_WITHOUT_HEAD(the_state_is_forgotten_when_a_client_leaves);
ATF_TC_BODY(the_state_is_forgotten_when_a_client_leaves, tc)
{
	int a;

	serve(5);
	a = enter();
	ATF_CHECK_STREQ("1234567", ask(a, "xxxxxxx"));
	close(a);
	end(7);
}

ATF_TC_WITHOUT_HEAD(what_is_no_socket_is_a_failure);
ATF_TC_BODY(what_is_no_socket_is_a_failure, tc)
{
	static const struct clients_service service = {.take = take};
	int ends[2];

	ATF_REQUIRE_EQ(0, pipe(ends));
	ATF_REQUIRE_EQ(1, write(ends[1], "x", 1));
	ATF_CHECK_EQ(-1, clients_serve(ends[0], 1, &service));
	ATF_CHECK_EQ(ENOTSOCK, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_client_has_its_own_state);
	ATF_TP_ADD_TC(tp, who_asks_nonsense_is_left);
	ATF_TP_ADD_TC(tp, too_many_wait_until_one_leaves);
	ATF_TP_ADD_TC(tp, the_state_is_forgotten_when_a_client_leaves);
	ATF_TP_ADD_TC(tp, what_is_no_socket_is_a_failure);
	return atf_no_error();
}
