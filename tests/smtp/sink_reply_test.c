#include <string.h>

#include <atf-c.h>

#include "lib/verdict.h"
#include "smtp/sink_reply.h"

static const char *
reply(int verdict, const char *report)
{
	static stralloc sa;

	sink_reply_put(&sa, verdict, report, strlen(report));
	return sa.s;
}

ATF_TC_WITHOUT_HEAD(a_sink_without_words_gets_ours);
ATF_TC_BODY(a_sink_without_words_gets_ours, tc)
{
	ATF_CHECK_STREQ("554 5.3.0 message refused", reply(REJECT, ""));
	ATF_CHECK_STREQ("451 4.3.0 unable to keep the message now, try again later",
	    reply(DEFER, ""));
}

ATF_TC_WITHOUT_HEAD(codes_that_agree_with_the_verdict_are_kept);
ATF_TC_BODY(codes_that_agree_with_the_verdict_are_kept, tc)
{
	ATF_CHECK_STREQ("554 5.3.0 spam", reply(REJECT, "spam"));
	ATF_CHECK_STREQ("554 5.7.1 spam", reply(REJECT, "5.7.1 spam"));
	ATF_CHECK_STREQ("550 5.7.1 spam", reply(REJECT, "550 5.7.1 spam"));
	ATF_CHECK_STREQ("550 5.3.0 spam", reply(REJECT, "550 spam"));
	ATF_CHECK_STREQ("554 5.7.1 qq: spam", reply(REJECT, "qq: spam (#5.7.1)\n"));
	ATF_CHECK_STREQ("451 4.3.1 disk full", reply(DEFER, "4.3.1 disk full"));
	ATF_CHECK_STREQ("452 4.3.1 disk full", reply(DEFER, "452 4.3.1 disk full"));
	ATF_CHECK_STREQ("554 5.7.1 message refused", reply(REJECT, "5.7.1"));
}

ATF_TC_WITHOUT_HEAD(a_code_is_said_once);
ATF_TC_BODY(a_code_is_said_once, tc)
{
	ATF_CHECK_STREQ(
	    "451 4.3.0 the queue failed", reply(DEFER, "the queue failed (#4.3.0)"));
	ATF_CHECK_STREQ("554 5.7.1 spam", reply(REJECT, "5.7.1 spam (#5.7.1)"));
	ATF_CHECK_STREQ("550 5.7.1 spam", reply(REJECT, "550 5.7.1 spam (#5.7.0)"));
	ATF_CHECK_STREQ("554 5.7.1 message refused", reply(REJECT, "(#5.7.1)"));
	ATF_CHECK_STREQ("550 5.7.1 message refused", reply(REJECT, "550 5.7.1"));
	ATF_CHECK_STREQ(
	    "554 5.3.0 see (#5.7.1) above", reply(REJECT, "see (#5.7.1) above"));
	ATF_CHECK_STREQ("554 5.3.0 x (#5.7.1x)", reply(REJECT, "x (#5.7.1x)"));
	ATF_CHECK_STREQ("554 5.3.0 )", reply(REJECT, ")"));
}

ATF_TC_WITHOUT_HEAD(codes_that_contradict_the_verdict_are_mere_text);
ATF_TC_BODY(codes_that_contradict_the_verdict_are_mere_text, tc)
{
	ATF_CHECK_STREQ("451 4.3.0 5.7.1 spam", reply(DEFER, "5.7.1 spam"));
	ATF_CHECK_STREQ("451 4.3.0 550 5.7.1 spam", reply(DEFER, "550 5.7.1 spam"));
	ATF_CHECK_STREQ("554 5.3.0 250 ok", reply(REJECT, "250 ok"));
	ATF_CHECK_STREQ("451 4.3.0 x (#5.7.1)", reply(DEFER, "x (#5.7.1)"));
	ATF_CHECK_STREQ("554 5.3.0 5.7.1x", reply(REJECT, "5.7.1x"));
	ATF_CHECK_STREQ("554 5.3.0 x (#5.", reply(REJECT, "x (#5."));
}

ATF_TC_WITHOUT_HEAD(a_reply_is_one_line_of_bounded_length);
ATF_TC_BODY(a_reply_is_one_line_of_bounded_length, tc)
{
	char report[1000] = "5.7.1 a\r\n250 b";

	ATF_CHECK_STREQ("554 5.7.1 a  250 b", reply(REJECT, report));
	memset(report, 'x', sizeof report - 1);
	ATF_CHECK(strlen(reply(REJECT, report)) <= 510);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_sink_without_words_gets_ours);
	ATF_TP_ADD_TC(tp, codes_that_agree_with_the_verdict_are_kept);
	ATF_TP_ADD_TC(tp, a_code_is_said_once);
	ATF_TP_ADD_TC(tp, codes_that_contradict_the_verdict_are_mere_text);
	ATF_TP_ADD_TC(tp, a_reply_is_one_line_of_bounded_length);
	return atf_no_error();
}
