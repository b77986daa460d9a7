#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/text.h"
#include "smtp/verbs.h"

static struct session session;
static int client = -1;

static void
begin(void)
{
	int ends[2];

	if (client != -1)
		close(client);
	memset(&session, 0, sizeof(session));
	session.login = -1;
	session.client = "192.0.2.1";
	text_set(&session.me, "mx.x.test");
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	client = ends[1];
	wire_open(&session.channel, ends[0], ends[0], 60, 0);
}

/* What is said to the line, which gets its CR. */
static const char *
said_to_bytes(const char *line, size_t len)
{
	static char replies[4096];
	ssize_t r;

	verbs_run(&session, line, len);
	ATF_REQUIRE_EQ(0, wire_flush(&session.channel));
	r = recv(client, replies, sizeof(replies) - 1, MSG_DONTWAIT);
	replies[r > 0 ? r : 0] = '\0';
	return replies;
}

static const char *
said_to(const char *command)
{
	char line[WIRE_LINE_MAX];

	strcpy(line, command);
	strcat(line, "\r");
	return said_to_bytes(line, strlen(line));
}

static const struct {
	const char *command;
	const char *reply; /* its beginning */
	unsigned strikes;
} cases[] = {
    {"NOOP", "250 ", 0},
    {"noop what is said here", "250 ", 0},
    {"NoOp   ", "250 ", 0},
    {"HELP", "214 ", 0},
    {"HELP MAIL", "214 ", 0},
    {"VRFY joe", "252 ", 0},
    {"VRFY", "501 ", SESSION_STRIKES_SYNTAX},
    {"RSET", "250 ", 0},
    {"RSET \t ", "250 ", 0},
    {"RSET now", "501 ", SESSION_STRIKES_SYNTAX},
    {"QUIT now", "501 ", SESSION_STRIKES_SYNTAX},
    {"DATA now", "501 ", SESSION_STRIKES_SYNTAX},
    {"STARTTLS now", "501 ", SESSION_STRIKES_SYNTAX},
    {"EXPN list", "502 ", SESSION_STRIKES_SYNTAX},
    {"ETRN x.test", "502 ", SESSION_STRIKES_SYNTAX},
    {"TURN", "500 ", SESSION_STRIKES_SYNTAX},
    {"", "500 ", SESSION_STRIKES_SYNTAX},
    {" NOOP", "500 ", SESSION_STRIKES_SYNTAX},
    {"NOOPX", "500 ", SESSION_STRIKES_SYNTAX},
    {"NOO", "500 ", SESSION_STRIKES_SYNTAX},
    {"NOOP \x07", "500 ", SESSION_STRIKES_SYNTAX},
    {"DATA", "503 ", SESSION_STRIKES_SYNTAX},
    {"EHLO", "501 ", SESSION_STRIKES_SYNTAX},
    {"HELO a b", "501 ", SESSION_STRIKES_SYNTAX},
    {"HELO mx.y.test", "250 mx.x.test\r\n", 0},
    {"EHLO mx.y.test", "250-mx.x.test\r\n", 0},
};

ATF_TC_WITHOUT_HEAD(each_verb_is_answered);
ATF_TC_BODY(each_verb_is_answered, tc)
{
	const char *reply;
	size_t i;

	unsetenv("AUTHUSER");
	unsetenv("RELAYCLIENT");
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin();
		reply = said_to(cases[i].command);
		ATF_CHECK_MSG(strncmp(reply, cases[i].reply, strlen(cases[i].reply)) == 0,
		    "%s: %s", cases[i].command, reply);
		ATF_CHECK_EQ_MSG(
		    cases[i].strikes, session.strikes, "%s", cases[i].command);
		ATF_CHECK(session.ending == NULL);
	}
}

ATF_TC_WITHOUT_HEAD(a_session_ends_by_quit_or_as_a_browser);
ATF_TC_BODY(a_session_ends_by_quit_or_as_a_browser, tc)
{
	begin();
	ATF_CHECK_EQ('2', *said_to("QUIT"));
	ATF_CHECK_STREQ(SESSION_ENDING_QUIT, session.ending);
	begin();
	ATF_CHECK_EQ(0, strncmp("421 ", said_to("GET / HTTP/1.1"), 4));
	ATF_CHECK(session.ending != NULL);
	ATF_CHECK(strcmp(session.ending, SESSION_ENDING_QUIT) != 0);
}

ATF_TC_WITHOUT_HEAD(a_line_ends_by_both_characters);
ATF_TC_BODY(a_line_ends_by_both_characters, tc)
{
	unsetenv("AUTHUSER");
	unsetenv("RELAYCLIENT");
	begin();
	ATF_CHECK_EQ('5', *said_to_bytes("NOOP", 4));
	ATF_CHECK_EQ('5', *said_to_bytes("NOOP\r\r", 6));
	ATF_CHECK_EQ('5', *said_to_bytes("NOOP\0\r", 6));
}

ATF_TC_WITHOUT_HEAD(commands_have_a_length);
ATF_TC_BODY(commands_have_a_length, tc)
{
	char command[5000];

	begin();
	memset(command, 'x', sizeof(command));
	memcpy(command, "NOOP ", 5);
	/* with CRLF it is 512 */
	command[510] = '\0';
	ATF_CHECK_EQ('2', *said_to(command));
	command[510] = 'x';
	command[511] = '\0';
	ATF_CHECK_EQ('5', *said_to(command));
	/* MAIL has room for parameters */
	command[511] = 'x';
	memcpy(command, "MAIL ", 5);
	command[4095] = '\0';
	ATF_CHECK(strstr(said_to(command), "long") != NULL);
	command[4094] = '\0';
	ATF_CHECK(strstr(said_to(command), "long") == NULL);
	begin();
	verbs_run_long(&session, command, 16);
	ATF_CHECK_EQ(SESSION_STRIKES_SYNTAX, session.strikes);
	verbs_run_long(&session, "GET /xxxxxxxxxxx", 16);
	ATF_CHECK(session.ending != NULL);
}

ATF_TC_WITHOUT_HEAD(idling_costs_something_at_last);
ATF_TC_BODY(idling_costs_something_at_last, tc)
{
	unsigned i;

	begin();
	for (i = 0; i < SESSION_IDLE_MAX; i++)
		said_to(i % 2 ? "NOOP" : "HELP");
	ATF_CHECK_EQ(0, session.strikes);
	ATF_CHECK_EQ('2', *said_to("RSET"));
	ATF_CHECK_EQ(SESSION_STRIKES_SYNTAX, session.strikes);
}

ATF_TC_WITHOUT_HEAD(our_own_may_have_odd_names);
ATF_TC_BODY(our_own_may_have_odd_names, tc)
{
	setenv("AUTHUSER", "joe@x.test", 1);
	begin();
	ATF_CHECK_EQ('2', *said_to("EHLO my little printer"));
	ATF_CHECK_STREQ("my?little?printer", session.helo.s);
	ATF_CHECK_EQ('2', *said_to("HELO"));
	ATF_CHECK_STREQ("?", session.helo.s);
	ATF_CHECK_EQ('2', *said_to_bytes("NOOP", 4));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_verb_is_answered);
	ATF_TP_ADD_TC(tp, a_session_ends_by_quit_or_as_a_browser);
	ATF_TP_ADD_TC(tp, a_line_ends_by_both_characters);
	ATF_TP_ADD_TC(tp, commands_have_a_length);
	ATF_TP_ADD_TC(tp, idling_costs_something_at_last);
	ATF_TP_ADD_TC(tp, our_own_may_have_odd_names);
	return atf_no_error();
}
