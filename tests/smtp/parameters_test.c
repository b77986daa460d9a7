#include <string.h>

#include <atf-c.h>

#include "smtp/parameters.h"
#include "smtp/reply.h"

static const char *
mail(struct parameters_mail *m, const char *s, int is_secure)
{
	return parameters_mail_read(m, s, strlen(s), is_secure);
}

static const char *
rcpt(struct parameters_rcpt *r, const char *s)
{
	return parameters_rcpt_read(r, s, strlen(s), 0);
}

ATF_TC_WITHOUT_HEAD(parameters_of_mail_are_read);
ATF_TC_BODY(parameters_of_mail_are_read, tc)
{
	struct parameters_mail m;

	ATF_CHECK_EQ(
	    NULL, mail(&m, " SIZE=1000 body=8bitmime SMTPUTF8 RET=full ENVID=a+2B", 0));
	ATF_CHECK_EQ(1000, m.size);
	ATF_CHECK_STREQ("8BITMIME", m.body);
	ATF_CHECK_STREQ("FULL", m.ret);
	ATF_CHECK(m.is_utf8);
	ATF_CHECK_EQ(0, strncmp("a+2B", m.envid, m.envid_len));
	ATF_CHECK_EQ(NULL, mail(&m, "", 0));
	ATF_CHECK_EQ(NULL, mail(&m, " SIZE=99999999999999999999", 0));
	ATF_CHECK_EQ(-1ULL, m.size);
	ATF_CHECK_EQ(NULL, mail(&m, " REQUIRETLS", 1));
}

ATF_TC_WITHOUT_HEAD(parameters_that_are_wrong_are_refused);
ATF_TC_BODY(parameters_that_are_wrong_are_refused, tc)
{
	static const char *const malformed[] = {" SIZE=x", " SIZE", " SIZE=1 SIZE=1",
	    " SIZE=999999999999999999999", " BODY=x", " SMTPUTF8=1", " RET=x",
	    " RET=FULL RET=FULL", " ENVID", " ENVID=+0A", " AUTH", " AUTH=+zz", "SIZE=1"};
	static const char *const unknown[] = {" X=1", " REQUIRETLS"};
	struct parameters_mail m;
	size_t i;

	for (i = 0; i < sizeof malformed / sizeof *malformed; i++)
		ATF_CHECK_STREQ(REPLY_PARAMETER_SYNTAX, mail(&m, malformed[i], 0));
	for (i = 0; i < sizeof unknown / sizeof *unknown; i++)
		ATF_CHECK_STREQ(REPLY_PARAMETER_UNKNOWN, mail(&m, unknown[i], 0));
}

ATF_TC_WITHOUT_HEAD(who_is_no_address_is_nobody);
ATF_TC_BODY(who_is_no_address_is_nobody, tc)
{
	static const char *const odd[] = {
	    " AUTH=<me@example.test>", " AUTH=me", " AUTH=<me+40example.test>"};
	struct parameters_mail m;
	size_t i;

	for (i = 0; i < sizeof odd / sizeof *odd; i++) {
		ATF_CHECK_EQ_MSG(NULL, mail(&m, odd[i], 0), "%s", odd[i]);
		ATF_CHECK(m.has_odd_auth && m.auth_len == 2);
		ATF_CHECK_EQ(0, memcmp("<>", m.auth, 2));
	}
	ATF_CHECK_EQ(NULL, mail(&m, " AUTH=<>", 0));
	ATF_CHECK(!m.has_odd_auth);
	ATF_CHECK_EQ(NULL, mail(&m, " AUTH=me+40example.test", 0));
	ATF_CHECK(!m.has_odd_auth && m.auth_len == 17);
}

ATF_TC_WITHOUT_HEAD(parameters_of_rcpt_are_read);
ATF_TC_BODY(parameters_of_rcpt_are_read, tc)
{
	static const char *const bad[] = {" NOTIFY=", " NOTIFY=x", " NOTIFY=NEVER,DELAY",
	    " NOTIFY=DELAY,DELAY", " NOTIFY=DELAY,", " NOTIFY=NEVER NOTIFY=NEVER",
	    " ORCPT=x", " ORCPT=rfc822;a ORCPT=rfc822;a"};
	struct parameters_rcpt r;
	size_t i;

	ATF_CHECK_EQ(NULL, rcpt(&r, " notify=delay,Failure ORCPT=rfc822;a+40b"));
	ATF_CHECK_STREQ("DELAY,FAILURE", r.notify);
	ATF_CHECK_EQ(0, strncmp("rfc822;a+40b", r.orcpt, r.orcpt_len));
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		ATF_CHECK_STREQ(REPLY_PARAMETER_SYNTAX, rcpt(&r, bad[i]));
	ATF_CHECK_STREQ(REPLY_PARAMETER_UNKNOWN, rcpt(&r, " SIZE=1"));
}

ATF_TC_WITHOUT_HEAD(the_wish_for_success_can_be_dropped);
ATF_TC_BODY(the_wish_for_success_can_be_dropped, tc)
{
	static const char *const cases[][2] = {{"", ""}, {" NOTIFY=NEVER", "NEVER"},
	    {" NOTIFY=SUCCESS", "NEVER"}, {" NOTIFY=SUCCESS,DELAY", "DELAY"},
	    {" NOTIFY=DELAY,SUCCESS", "DELAY"},
	    {" NOTIFY=DELAY,SUCCESS,FAILURE", "DELAY,FAILURE"},
	    {" NOTIFY=FAILURE", "FAILURE"}};
	struct parameters_rcpt r;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ATF_CHECK_EQ(NULL, rcpt(&r, cases[i][0]));
		parameters_drop_success(&r);
		ATF_CHECK_STREQ(cases[i][1], r.notify);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, parameters_of_mail_are_read);
	ATF_TP_ADD_TC(tp, parameters_that_are_wrong_are_refused);
	ATF_TP_ADD_TC(tp, who_is_no_address_is_nobody);
	ATF_TP_ADD_TC(tp, parameters_of_rcpt_are_read);
	ATF_TP_ADD_TC(tp, the_wish_for_success_can_be_dropped);
	return atf_no_error();
}
