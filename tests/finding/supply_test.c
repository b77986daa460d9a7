#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atf-c.h>

#include "finding/supply.h"
#include "lib/fdpass.h"

#define A "0hofc52zpb5l953d9rf5s00a"
#define B "0hofc52zpb5l953d9rf5s00b"

static struct supply s = {.fd = -1};
static struct supply_order o;
static int listener, service;

static void
listen_there(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ATF_REQUIRE_EQ(0, mkdir("run", 0700));
	strcpy(address.sun_path, "run/queue.sock");
	ATF_REQUIRE_EQ(0, bind(listener, (struct sockaddr *)&address, sizeof address));
	ATF_REQUIRE_EQ(0, listen(listener, 10));
}

static void
connect_there(int64_t now_ms)
{
	ATF_REQUIRE_EQ(1, supply_connect(&s, 400, now_ms));
	service = accept(listener, NULL, NULL);
	ATF_REQUIRE(service != -1);
}

/* All that has been said, if it is this. */
static void
expect(const char *said)
{
	char buf[4096];
	ssize_t r;

	supply_flush(&s, 0);
	r = recv(service, buf, sizeof buf - 1, MSG_DONTWAIT);
	buf[r > 0 ? r : 0] = '\0';
	ATF_CHECK_STREQ(said, buf);
}

/* The service says this; with it comes an open file whose name it is. */
static void
say(const char *text, const char *name)
{
	int fd = name != NULL ? open(name, O_RDWR | O_CREAT, 0600) : -1;

	if (fd != -1)
		ATF_REQUIRE(fdpass_send(service, text, strlen(text), fd) > 0);
	else
		ATF_REQUIRE(send(service, text, strlen(text), 0) > 0);
	if (fd != -1)
		close(fd);
	s.is_ready = 1;
}

static void
expect_file(const char *name)
{
	struct stat got, expected;

	ATF_REQUIRE_EQ(0, fstat(o.fd, &got));
	ATF_REQUIRE_EQ(0, stat(name, &expected));
	ATF_CHECK_EQ(expected.st_ino, got.st_ino);
	close(o.fd);
}

ATF_TC_WITHOUT_HEAD(messages_come_with_their_descriptors);
ATF_TC_BODY(messages_come_with_their_descriptors, tc)
{
	listen_there();
	connect_there(0);
	expect("4:R400,");
	ATF_CHECK_EQ(0, supply_next(&s, &o, 0));
	say("1:K,25:X" A ",25:M", NULL);
	ATF_REQUIRE_EQ(1, supply_next(&s, &o, 0));
	ATF_CHECK_EQ(SUPPLY_WANTED, o.kind);
	/* in pieces, and joined by the kernel: each has its own all the same */
	close(service);
	ATF_CHECK_EQ(0, supply_next(&s, &o, 0));
	connect_there(s.retry);
	expect("4:R400,");
	say("25:M", "a");
	ATF_CHECK_EQ(0, supply_next(&s, &o, 0));
	say(A ",", NULL);
	say("26:M" B "+,", "b");
	say("25:F" A ",", NULL);
	ATF_REQUIRE_EQ(1, supply_next(&s, &o, 0));
	ATF_CHECK_STREQ(A, o.id);
	expect_file("a");
	ATF_REQUIRE_EQ(1, supply_next(&s, &o, 0));
	ATF_CHECK_STREQ(B, o.id);
	ATF_CHECK(o.again);
	expect_file("b");
	ATF_REQUIRE_EQ(1, supply_next(&s, &o, 0));
	ATF_CHECK_EQ(SUPPLY_FILED, o.kind);
	ATF_CHECK_EQ(0, supply_next(&s, &o, 0));
	ATF_CHECK(s.fd != -1);
}

ATF_TC_WITHOUT_HEAD(a_message_without_a_descriptor_ends_the_connection);
ATF_TC_BODY(a_message_without_a_descriptor_ends_the_connection, tc)
{
	listen_there();
	connect_there(0);
	say("25:M" A ",", NULL);
	ATF_CHECK_EQ(0, supply_next(&s, &o, 7));
	ATF_CHECK_EQ(-1, s.fd);
	ATF_CHECK_EQ(1007, supply_until(&s));
}

ATF_TC_WITHOUT_HEAD(what_is_said_is_settled_kept_and_filed);
ATF_TC_BODY(what_is_said_is_settled_kept_and_filed, tc)
{
	listen_there();
	ATF_CHECK_EQ(0, supply_keep(&s, A, "x\n", 2));
	connect_there(0);
	expect("4:R400,");
	supply_settle(&s, A, 0);
	supply_file(&s, B);
	ATF_CHECK_EQ(POLLIN | POLLOUT, supply_events(&s, 1));
	expect("25:S" A ",25:F" B ",");
	ATF_CHECK_EQ(POLLIN, supply_events(&s, 1));
	ATF_CHECK_EQ(0, supply_events(&s, 0));
	ATF_CHECK_EQ(1, supply_keep(&s, A, "x\ny\n", 4));
	ATF_CHECK_EQ(30u + 4, s.out.len);
	ATF_CHECK_EQ(0, memcmp(s.out.s, "30:L" A "\0x\ny\n,", s.out.len));
}

ATF_TC_WITHOUT_HEAD(many_lines_go_in_pieces_that_end_with_one);
ATF_TC_BODY(many_lines_go_in_pieces_that_end_with_one, tc)
{
	static char lines[40000];

	listen_there();
	connect_there(0);
	expect("4:R400,");
	memset(lines, 'x', sizeof lines);
	for (size_t i = 999; i < sizeof lines; i += 1000)
		lines[i] = '\n';
	ATF_CHECK_EQ(1, supply_keep(&s, A, lines, sizeof lines));
	ATF_CHECK_EQ(0, memcmp(s.out.s, "32026:L", 7));
	ATF_CHECK_EQ(0, memcmp(s.out.s + 32026 + 7, "8026:L", 6));
}

ATF_TC_WITHOUT_HEAD(what_was_settled_of_late_is_said_on_the_next_connection);
ATF_TC_BODY(what_was_settled_of_late_is_said_on_the_next_connection, tc)
{
	listen_there();
	connect_there(0);
	expect("4:R400,");
	supply_settle(&s, A, 5000);
	supply_settle(&s, B, 9000);
	expect("25:S" A ",25:S" B ",");
	supply_lose(&s, 9500);
	close(service);
	ATF_CHECK_EQ(0, supply_connect(&s, 400, s.retry - 1));
	connect_there(s.retry);
	expect("4:R400,25:S" B ",");
	/* it was handed over again, all the same */
	ATF_CHECK(supply_has_settled(&s, A));
	expect("25:S" A ",");
}

ATF_TC_WITHOUT_HEAD(where_nobody_listens_the_pauses_grow);
ATF_TC_BODY(where_nobody_listens_the_pauses_grow, tc)
{
	ATF_CHECK_EQ(0, supply_connect(&s, 400, 0));
	ATF_CHECK_EQ(1000, supply_until(&s));
	ATF_CHECK_EQ(0, supply_connect(&s, 400, 999));
	ATF_CHECK_EQ(0, supply_connect(&s, 400, 1000));
	ATF_CHECK_EQ(3000, supply_until(&s));
	listen_there();
	connect_there(3000);
	ATF_CHECK_EQ(INT64_MAX, supply_until(&s));
	say("1:K,", NULL);
	ATF_CHECK_EQ(0, supply_next(&s, &o, 0));
	ATF_CHECK_EQ(0, s.failures);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, messages_come_with_their_descriptors);
	ATF_TP_ADD_TC(tp, a_message_without_a_descriptor_ends_the_connection);
	ATF_TP_ADD_TC(tp, what_is_said_is_settled_kept_and_filed);
	ATF_TP_ADD_TC(tp, many_lines_go_in_pieces_that_end_with_one);
	ATF_TP_ADD_TC(tp, what_was_settled_of_late_is_said_on_the_next_connection);
	ATF_TP_ADD_TC(tp, where_nobody_listens_the_pauses_grow);
	return atf_no_error();
}
