#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/policy_environment.h"
#include "lib/policy_wish.h"

ATF_TC_WITHOUT_HEAD(what_is_told_is_heard);
ATF_TC_BODY(what_is_told_is_heard, tc)
{
	struct policy_environment e = {0};
	stralloc line = {0};

	clearenv();
	setenv("TCPREMOTEIP", "192.0.2.1", 1);
	setenv("SMTPHELO", "a b=\xc3\xa4+", 1);
	ATF_REQUIRE_EQ(0, policy_environment_put(&line));
	ATF_CHECK_EQ('\n', line.s[line.len - 1]);
	ATF_REQUIRE_EQ(0, memcmp(line.s, "env ", 4));
	ATF_REQUIRE_EQ(1, policy_environment_take(&e, line.s + 4, line.len - 5));
	ATF_CHECK_STREQ(POLICY_WISH_HEEDED, e.variables[0]);
	ATF_CHECK_STREQ("TCPREMOTEIP=192.0.2.1", e.variables[1]);
	ATF_CHECK(e.variables[2] == NULL);
	policy_environment_free(&e);
	stralloc_free(&line);
}

ATF_TC_WITHOUT_HEAD(what_is_malformed_is_refused);
ATF_TC_BODY(what_is_malformed_is_refused, tc)
{
	struct policy_environment e = {0};

	ATF_CHECK_EQ(0, policy_environment_take(&e, " TCPREMOTEIP", 12));
	ATF_CHECK_EQ(0, policy_environment_take(&e, " A=+zz", 6));
	policy_environment_free(&e);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_told_is_heard);
	ATF_TP_ADD_TC(tp, what_is_malformed_is_refused);
	return atf_no_error();
}
