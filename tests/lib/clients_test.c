#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/clients.h"
#include "lib/deadline.h"
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

static const struct clients_service service = {
    .state_size = sizeof(struct count), .take = take, .forget = forget};

/* descriptors: how many the server may have, 0 for as many as we */
static void
serve_with(const struct clients_service *what, size_t most, rlim_t descriptors)
{
	const struct rlimit limit = {descriptors, descriptors};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ATF_REQUIRE_EQ(0, bind(fd, (const struct sockaddr *)&address, sizeof(address)));
	ATF_REQUIRE_EQ(0, listen(fd, 10));
	server = fork();
	ATF_REQUIRE(server != -1);
	if (server == 0) {
		alarm(60);
		if (descriptors != 0)
			setrlimit(RLIMIT_NOFILE, &limit);
		clients_serve(fd, most, what);
		_exit(1);
	}
	close(fd);
}

static void
serve(size_t most)
{
	serve_with(&service, most, 0);
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

#define CROWD 150
#define CROWD_MOST 20

/* As another user, of whom so many are to be answered: tells how many were. */
static void
crowd(int told, int go_on)
{
	int fds[CROWD], answered = 0, i;
	char c;

	ATF_REQUIRE_EQ(0, setgid(12345));
	ATF_REQUIRE_EQ(0, setuid(12345));
	for (i = 0; i < CROWD; i++) {
		fds[i] = enter();
		send(fds[i], "x", 1, MSG_NOSIGNAL);
		answered += recv(fds[i], &c, 1, i < CROWD_MOST ? 0 : MSG_DONTWAIT) == 1;
	}
	for (i = CROWD_MOST; i < CROWD; i++)
		answered += recv(fds[i], &c, 1, MSG_DONTWAIT) == 1;
	if (write(told, &answered, sizeof(answered)) == sizeof(answered) &&
	    read(go_on, &c, 1) == 1)
		_exit(0);
	_exit(1);
}

ATF_TC(another_user_is_served_beside_one_who_has_all);
ATF_TC_HEAD(another_user_is_served_beside_one_who_has_all, tc)
{
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(another_user_is_served_beside_one_who_has_all, tc)
{
	int told[2], go_on[2], answered, i, fds[9];
	struct timeval second = {.tv_sec = 1};
	pid_t pid;
	char c;

	ATF_REQUIRE_EQ(0, chmod(".", 0755));
	serve_with(&service, CROWD_MOST, 100);
	ATF_REQUIRE_EQ(0, chmod("sock", 0777));
	ATF_REQUIRE(pipe(told) == 0 && pipe(go_on) == 0);
	pid = fork();
	ATF_REQUIRE(pid != -1);
	if (pid == 0)
		crowd(told[1], go_on[0]);
	ATF_REQUIRE_EQ(sizeof(answered), read(told[0], &answered, sizeof(answered)));
	ATF_CHECK_EQ(CROWD_MOST, answered);
	for (i = 0; i < 8; i++) {
		fds[i] = enter();
		ATF_CHECK_STREQ("1", ask(fds[i], "x"));
	}
	/* one with few has not all of the rest either */
	fds[8] = enter();
	ATF_REQUIRE_EQ(1, send(fds[8], "x", 1, MSG_NOSIGNAL));
	setsockopt(fds[8], SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	ATF_CHECK_EQ(-1, recv(fds[8], &c, 1, 0));
	close(fds[0]);
	ATF_CHECK_EQ(1, recv(fds[8], &c, 1, 0));
	ATF_CHECK_EQ(1, write(go_on[1], "x", 1));
	ATF_CHECK_EQ(pid, waitpid(pid, NULL, 0));
	ATF_CHECK_STREQ("2", ask(fds[1], "x"));
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

ATF_TC_WITHOUT_HEAD(without_descriptors_it_goes_on_later);
ATF_TC_BODY(without_descriptors_it_goes_on_later, tc)
{
	int free = dup(0), a, b;
	char c;

	/* those that it inherits, its socket, and one client */
	close(free);
	serve_with(&service, 5, (rlim_t)free + 2);
	a = enter();
	ATF_CHECK_STREQ("1", ask(a, "x"));
	b = enter();
	ATF_REQUIRE_EQ(1, send(b, "x", 1, MSG_NOSIGNAL));
	/* it goes on with those that it has, and with the other when there is place */
	ATF_CHECK_STREQ("23", ask(a, "xx"));
	ATF_CHECK_EQ(-1, recv(b, &c, 1, MSG_DONTWAIT));
	close(a);
	ATF_CHECK_EQ(1, recv(b, &c, 1, 0));
	ATF_CHECK_EQ('1', c);
	end(0);
}

/* A question that has to be waited for is a '?': for a byte in the fifo, or half a
 * second. */
struct pause {
	struct clients_wait wait;
	int is_waiting;
};

static int
take_slowly(void *state, stralloc *heard, stralloc *reply)
{
	struct pause *pause = state;
	size_t at = 0;
	char c;

	if (pause->is_waiting) {
		if (read(pause->wait.fd, &c, 1) == 1)
			text_catb(reply, "!", 1);
		else if (deadline_now() >= pause->wait.until)
			text_catb(reply, "late", 4);
		else
			return 0;
		close(pause->wait.fd);
		pause->is_waiting = 0;
	}
	for (; at < heard->len && !pause->is_waiting; at++) {
		pause->is_waiting = heard->s[at] == '?';
		if (!pause->is_waiting)
			text_catb(reply, heard->s + at, 1);
	}
	if (pause->is_waiting)
		pause->wait =
		    (struct clients_wait){.fd = open("fifo", O_RDWR | O_NONBLOCK),
			.events = POLLIN,
			.until = deadline_now() + 500};
	heard->len -= at;
	memmove(heard->s, heard->s + at, heard->len);
	return 0;
}

static const struct clients_wait *
waits(const void *state)
{
	const struct pause *pause = state;

	return pause->is_waiting ? &pause->wait : NULL;
}

static void
end_pause(void *state)
{
	const struct pause *pause = state;

	if (pause->is_waiting)
		_exit(8);
}

static const struct clients_service slow = {.state_size = sizeof(struct pause),
    .take = take_slowly,
    .forget = end_pause,
    .waits = waits};

/* poll(2) takes no more than one may have descriptors. */
ATF_TC_WITHOUT_HEAD(descriptors_for_all_clients_are_enough);
ATF_TC_BODY(descriptors_for_all_clients_are_enough, tc)
{
	int clients[40];

	serve_with(&service, 40, 40 + 10);
	for (size_t i = 0; i < 40; i++) {
		clients[i] = enter();
		ATF_CHECK_STREQ("12", ask(clients[i], "xx"));
	}
	ATF_CHECK_STREQ("3", ask(clients[0], "x"));
	end(0);
}

ATF_TC_WITHOUT_HEAD(one_who_waits_keeps_nobody_waiting);
ATF_TC_BODY(one_who_waits_keeps_nobody_waiting, tc)
{
	int a, b, fifo;

	ATF_REQUIRE_EQ(0, mkfifo("fifo", 0600));
	fifo = open("fifo", O_RDWR);
	serve_with(&slow, 5, 0);
	a = enter();
	b = enter();
	ATF_REQUIRE_EQ(3, send(a, "?x?", 3, MSG_NOSIGNAL));
	ATF_CHECK_STREQ("xyz", ask(b, "xyz"));
	ATF_REQUIRE_EQ(1, write(fifo, "1", 1));
	/* what came behind the first is taken up, and the second is late */
	ATF_CHECK_STREQ("!xlateab", ask(a, "abcdefgh"));
	end(0);
}

ATF_TC_WITHOUT_HEAD(one_who_leaves_while_it_waits_is_forgotten);
ATF_TC_BODY(one_who_leaves_while_it_waits_is_forgotten, tc)
{
	int a;

	ATF_REQUIRE_EQ(0, mkfifo("fifo", 0600));
	serve_with(&slow, 5, 0);
	a = enter();
	ATF_REQUIRE_EQ(1, send(a, "?", 1, MSG_NOSIGNAL));
	poll(NULL, 0, 100);
	close(a);
	end(8);
}

ATF_TC_WITHOUT_HEAD(what_is_no_socket_is_a_failure);
ATF_TC_BODY(what_is_no_socket_is_a_failure, tc)
{
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
	ATF_TP_ADD_TC(tp, another_user_is_served_beside_one_who_has_all);
	ATF_TP_ADD_TC(tp, the_state_is_forgotten_when_a_client_leaves);
	ATF_TP_ADD_TC(tp, without_descriptors_it_goes_on_later);
	ATF_TP_ADD_TC(tp, descriptors_for_all_clients_are_enough);
	ATF_TP_ADD_TC(tp, one_who_waits_keeps_nobody_waiting);
	ATF_TP_ADD_TC(tp, one_who_leaves_while_it_waits_is_forgotten);
	ATF_TP_ADD_TC(tp, what_is_no_socket_is_a_failure);
	return atf_no_error();
}
