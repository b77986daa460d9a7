#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "send/remote_greeting.h"

/* A session with a server whose replies are there before they are asked for. */
static struct remote_session session = {.transport.fd = -1};
static int peer = -1;

/* Begin anew; ended: after its last reply the server has nothing more to say. */
static void
begin(const char *replies, int ended)
{
	int ends[2];

	if (peer != -1)
		close(peer);
	remote_session_close(&session);
	memset(&session, 0, sizeof(session));
	ATF_REQUIRE_EQ(
	    0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends));
	session.transport.fd = ends[0];
	peer = ends[1];
	session.seconds_max = 30;
	strcpy(session.host, "mx.y.test");
	strcpy(session.ip, "192.0.2.1");
	strcpy(session.peer, "mx.y.test[192.0.2.1]");
	ATF_REQUIRE_EQ(
	    (ssize_t)strlen(replies), write(ends[1], replies, strlen(replies)));
	if (ended)
		ATF_REQUIRE_EQ(0, shutdown(ends[1], SHUT_WR));
}

/* What the server has heard so far. */
static const char *
heard(void)
{
	static char said[8192];
	ssize_t r = read(peer, said, sizeof(said) - 1);

	said[r > 0 ? r : 0] = '\0';
	return said;
}

static struct outcome fault;

static int
greet(const char *replies, int ended)
{
	begin(replies, ended);
	outcome_free(&fault);
	memset(&fault, 0, sizeof(fault));
	return remote_greeting(&session, "me.test", &fault);
}

ATF_TC_WITHOUT_HEAD(what_is_offered_is_learned);
ATF_TC_BODY(what_is_offered_is_learned, tc)
{
	ATF_REQUIRE_EQ(0, greet("220-hello\r\n220 there\r\n"
				"250-mx.test DSN\r\n250-pipelining \r\n250-8BITMIME\r\n"
				"250-SIZE 1000\r\n250-DSNX\r\n250-REQUIRETLS\r\n"
				"250-AUTH=LOGIN\r\n250-AUTH PLAIN  SCRAM-SHA-256\r\n"
				"250-chunking\r\n"
				"250 LIMITS X=1 rcptmax=50  MAILMAX=7 RCPTDOMAINMAX=1 "
				"MAILMAX=x\r\n",
			      0));
	ATF_CHECK_STREQ("EHLO me.test\r\n", heard());
	ATF_CHECK(session.has_pipelining && session.has_8bitmime);
	ATF_CHECK(session.has_size && session.has_requiretls);
	/* neither in the first line nor in a longer word */
	ATF_CHECK(!session.has_dsn && !session.has_smtputf8);
	ATF_CHECK_EQ(1000, session.size_max);
	ATF_CHECK_EQ(50, session.recipients_max);
	ATF_CHECK_EQ(7, session.mails_max);
	ATF_CHECK_EQ(1, session.domains_max);
	ATF_CHECK(session.has_chunking && !session.has_starttls);
	ATF_CHECK_STREQ(" LOGIN PLAIN SCRAM-SHA-256", session.mechanisms);
}

ATF_TC_WITHOUT_HEAD(more_mechanisms_than_fit_are_passed_over);
ATF_TC_BODY(more_mechanisms_than_fit_are_passed_over, tc)
{
	char replies[1500] = "220 hello\r\n250-mx.test\r\n250 AUTH PLAIN ";
	size_t n = strlen(replies);

	memset(replies + n, 'X', 1000);
	strcpy(replies + n + 1000, " LOGIN\r\n");
	ATF_REQUIRE_EQ(0, greet(replies, 0));
	ATF_CHECK_STREQ(" PLAIN LOGIN", session.mechanisms);
	heard();
}

ATF_TC_WITHOUT_HEAD(lmtp_says_lhlo_and_nothing_older);
ATF_TC_BODY(lmtp_says_lhlo_and_nothing_older, tc)
{
	begin("220 hello\r\n250-mx.test\r\n250 PIPELINING\r\n", 0);
	session.is_lmtp = 1;
	ATF_REQUIRE_EQ(0, remote_greeting(&session, "me.test", &fault));
	ATF_CHECK(session.has_pipelining);
	ATF_CHECK_STREQ("LHLO me.test\r\n", heard());
	begin("220 hello\r\n500 what\r\n221 bye\r\n", 0);
	session.is_lmtp = 1;
	ATF_REQUIRE_EQ(-1, remote_greeting(&session, "me.test", &fault));
	ATF_CHECK_EQ('Z', fault.letter);
	ATF_CHECK_STREQ("LHLO me.test\r\nQUIT\r\n", heard());
}

ATF_TC_WITHOUT_HEAD(what_makes_no_sense_limits_nothing);
ATF_TC_BODY(what_makes_no_sense_limits_nothing, tc)
{
	static const char *const lines[] = {"SIZE", "SIZE many", "SIZE -1", "SIZE 5 6",
	    "SIZE 99999999999999999999", "LIMITS", "LIMITS RCPTMAX=", "LIMITS RCPTMAX",
	    "LIMITS RCPTMAX=99999999999", "LIMITS XRCPTMAX=5", "RCPTMAX=5"};
	char replies[200];
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		strcpy(replies, "220 hello\r\n250-mx.test\r\n250 ");
		strcat(strcat(replies, lines[i]), "\r\n");
		ATF_REQUIRE_EQ(0, greet(replies, 0));
		ATF_CHECK_EQ_MSG(0, session.size_max, "%s", lines[i]);
		ATF_CHECK_EQ_MSG(0, session.recipients_max, "%s", lines[i]);
	}
}

ATF_TC_WITHOUT_HEAD(an_old_server_is_greeted_as_such);
ATF_TC_BODY(an_old_server_is_greeted_as_such, tc)
{
	ATF_REQUIRE_EQ(0, greet("220 hello\r\n502 what\r\n250 mx.test\r\n", 0));
	ATF_CHECK_STREQ("EHLO me.test\r\nHELO me.test\r\n", heard());
	ATF_CHECK(!session.has_pipelining);
}

static const struct {
	const char *replies;
	int ended;
	char letter;
	const char *status;
} refusals[] = {
    {"554 5.7.1 no\r\n", 1, 'D', "5.7.1"},
    {"450 later\r\n", 1, 'Z', "4.0.0"},
    {"421 4.3.2 closing\r\n", 1, 'Z', "4.3.2"},
    {"", 1, 'Z', NULL},
    {"hello\r\n", 1, 'Z', NULL},
    {"220 hello\r\n550 5.7.1 no\r\n550 5.7.1 no\r\n", 1, 'D', "5.7.1"},
    {"220 hello\r\n451 4.7.1 later\r\n", 1, 'Z', "4.7.1"},
    /* hung up after that */
    {"220 hello\r\n550 5.7.1 no\r\n", 1, 'D', "5.7.1"},
    /* which only says that it is old */
    {"220 hello\r\n502 5.5.1 what\r\n", 1, 'Z', "4.5.1"},
};

ATF_TC_WITHOUT_HEAD(who_wants_nothing_from_us_says_why);
ATF_TC_BODY(who_wants_nothing_from_us_says_why, tc)
{
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		ATF_CHECK_EQ_MSG(
		    -1, greet(refusals[i].replies, refusals[i].ended), "case %zu", i);
		ATF_CHECK_EQ_MSG(refusals[i].letter, fault.letter, "case %zu", i);
		if (refusals[i].status != NULL)
			ATF_CHECK_STREQ_MSG(
			    refusals[i].status, fault.status, "case %zu", i);
		ATF_CHECK_EQ(-1, session.transport.fd);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_offered_is_learned);
	ATF_TP_ADD_TC(tp, more_mechanisms_than_fit_are_passed_over);
	ATF_TP_ADD_TC(tp, lmtp_says_lhlo_and_nothing_older);
	ATF_TP_ADD_TC(tp, what_makes_no_sense_limits_nothing);
	ATF_TP_ADD_TC(tp, an_old_server_is_greeted_as_such);
	ATF_TP_ADD_TC(tp, who_wants_nothing_from_us_says_why);
	return atf_no_error();
}
