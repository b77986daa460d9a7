#include <string.h>

#include <atf-c.h>

#include "send/remote_session.h"

ATF_TC_WITHOUT_HEAD(a_reply_becomes_an_outcome);
ATF_TC_BODY(a_reply_becomes_an_outcome, tc)
{
	static const struct {
		const char *reply, *status;
		char letter;
	} cases[] = {
	    {"250 2.1.5 ok\r\n", "2.1.5", 'K'},
	    {"250 ok\r\n", "2.0.0", 'K'},
	    {"450 4.2.0 grey\r\n", "4.2.0", 'Z'},
	    {"421 bye\r\n", "4.0.0", 'Z'},
	    {"550 5.1.1 no\r\n", "5.1.1", 'D'},
	    {"554 no\r\n", "5.0.0", 'D'},
	    {"354 go on\r\n", "4.5.0", 'Z'},
	    /* what is refused to us, not to the message */
	    {"530 authentication required\r\n", "4.7.0", 'Z'},
	    {"530 5.7.0 Must issue a STARTTLS command first\r\n", "4.7.0", 'Z'},
	    {"530 5.7.57 not authenticated\r\n", "4.7.57", 'Z'},
	    {"534 5.7.9 too weak\r\n", "4.7.9", 'Z'},
	    {"535 5.7.8 wrong\r\n", "4.7.8", 'Z'},
	    {"538 5.7.11 encrypt\r\n", "4.7.11", 'Z'},
	    {"554 5.7.0 must issue starttls\r\n", "4.7.0", 'Z'},
	    {"554 5.7.0 no\r\n", "5.7.0", 'D'},
	    {"554 5.7.1 no STARTTLS here\r\n", "5.7.1", 'D'},
	    {"531 no\r\n", "5.0.0", 'D'},
	};
	static struct remote_session s = {
	    .host = "mx.a", .ip = "192.0.2.1", .peer = "mx.a[192.0.2.1]"};
	struct remote_reply reply;
	struct outcome o = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const char *text = cases[i].reply;

		ATF_REQUIRE_EQ((ssize_t)strlen(text),
		    remote_reply_parse(&reply, text, strlen(text)));
		remote_session_judge(&s, &reply, &o);
		ATF_CHECK_EQ_MSG(cases[i].letter, o.letter, "%s", text);
		ATF_CHECK_STREQ_MSG(cases[i].status, o.status, "%s", text);
		if (reply.code / 100 != 3)
			ATF_CHECK_STREQ(reply.text, outcome_reply(&o));
	}
	outcome_free(&o);
}

ATF_TC_WITHOUT_HEAD(no_step_takes_longer_than_the_admin_allows);
ATF_TC_BODY(no_step_takes_longer_than_the_admin_allows, tc)
{
	static struct remote_session s = {.seconds_max = 120};

	ATF_CHECK_EQ(120, remote_session_limit(&s, REMOTE_COMMAND_SECONDS));
	ATF_CHECK_EQ(REMOTE_QUIT_SECONDS, remote_session_limit(&s, REMOTE_QUIT_SECONDS));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_reply_becomes_an_outcome);
	ATF_TP_ADD_TC(tp, no_step_takes_longer_than_the_admin_allows);
	return atf_no_error();
}
