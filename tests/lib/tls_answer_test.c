#include <stdlib.h>

#include <atf-c.h>

#include "lib/tls_answer.h"

#define JUDGE(s) tls_answer_judge(s, sizeof(s) - 1)

ATF_TC_WITHOUT_HEAD(a_yes_has_settings_only);
ATF_TC_BODY(a_yes_has_settings_only, tc)
{
	ATF_CHECK_EQ('K', JUDGE("K"));
	ATF_CHECK_EQ('K', JUDGE("KTLS_VERSION=TLSv1.3\0TLS_SNI=\0SSL_CIPHER=a b\0"));
	ATF_CHECK_EQ(0, JUDGE("KTLS_VERSION=TLSv1.3"));
	ATF_CHECK_EQ(0, JUDGE("KLD_PRELOAD=/tmp/x\0"));
	ATF_CHECK_EQ(0, JUDGE("KTLS_VERSION=1\0PATH=/tmp\0"));
	ATF_CHECK_EQ(0, JUDGE("KTLS_=1\0"));
	ATF_CHECK_EQ(0, JUDGE("KTLS_a=1\0"));
	ATF_CHECK_EQ(0, JUDGE("KTLS_A\0"));
	ATF_CHECK_EQ(0, JUDGE("KTLS_A=\n\0"));
	ATF_CHECK_EQ(0, JUDGE("K\0"));
}

ATF_TC_WITHOUT_HEAD(a_no_has_a_reason);
ATF_TC_BODY(a_no_has_a_reason, tc)
{
	ATF_CHECK_EQ('Z', JUDGE("Zno certificate"));
	ATF_CHECK_EQ('D', JUDGE("Dnot TLS"));
	ATF_CHECK_EQ('D', JUDGE("D"));
	ATF_CHECK_EQ(0, JUDGE(""));
	ATF_CHECK_EQ(0, JUDGE("k"));
}

ATF_TC_WITHOUT_HEAD(settings_go_into_the_environment);
ATF_TC_BODY(settings_go_into_the_environment, tc)
{
	tls_answer_set("TLS_VERSION=TLSv1.3");
	ATF_CHECK_STREQ("TLSv1.3", getenv("TLS_VERSION"));
	tls_answer_set("TLS_VERSION=a=b");
	ATF_CHECK_STREQ("a=b", getenv("TLS_VERSION"));
	tls_answer_set("HARM=1");
	ATF_CHECK_EQ(NULL, getenv("HARM"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_yes_has_settings_only);
	ATF_TP_ADD_TC(tp, a_no_has_a_reason);
	ATF_TP_ADD_TC(tp, settings_go_into_the_environment);
	return atf_no_error();
}
