#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/policy_results.h"
#include "lib/text.h"

static stralloc results;

static ssize_t
take(const char *s)
{
	results.len = 0;
	return policy_results_take(&results, s, strlen(s));
}

ATF_TC_WITHOUT_HEAD(results_end_where_a_field_begins);
ATF_TC_BODY(results_end_where_a_field_begins, tc)
{
	ATF_CHECK_EQ(0, take(""));
	ATF_CHECK_EQ(0, take("X-Field: env X_A=1"));
	ATF_CHECK_EQ(0, take("environment: x"));
	ATF_CHECK_EQ(3, take("env"));
	ATF_CHECK_EQ(16, take("env X_A=1 SPF_B="));
	ATF_CHECK(results.len == 13 && memcmp(results.s, "X_A=1\0SPF_B=\0", 13) == 0);
	ATF_CHECK_EQ(10, take("env X_A=1 X-Field: a=b"));
	ATF_CHECK_EQ(10, take("env X_A=1 X-Field:X_B=2"));
	ATF_CHECK_EQ(4, take("env X-Field: a"));
	ATF_CHECK_EQ(11, take("env X_A=+2B"));
	ATF_CHECK_STREQ("X_A=+", results.s);
}

ATF_TC_WITHOUT_HEAD(names_that_mean_something_are_refused);
ATF_TC_BODY(names_that_mean_something_are_refused, tc)
{
	static const char *const lines[] = {"env PATH=/tmp", "env LD_PRELOAD=x",
	    "env IFS=", "env X_=1", "env =1", "env x_a=1", "env SPF=1", "env X_-A=1",
	    "env X_A=1 PATH=/tmp X-Field: a", "env X_A=+", "env X_A=+0A", "env X_A=+00",
	    "env X_A=1=2", "env X_A23456789012345678901234567890123456789=1", NULL};
	size_t i;

	for (i = 0; lines[i] != NULL; i++)
		ATF_CHECK_EQ_MSG(-1, take(lines[i]), "%s", lines[i]);
}

ATF_TC_WITHOUT_HEAD(what_is_exported_can_be_withdrawn);
ATF_TC_BODY(what_is_exported_can_be_withdrawn, tc)
{
	take("env X_A=1 X_B=two+20words");
	ATF_CHECK_EQ(0, policy_results_export(&results));
	ATF_CHECK_STREQ("1", getenv("X_A"));
	ATF_CHECK_STREQ("two words", getenv("X_B"));
	ATF_CHECK_EQ(0, policy_results_withdraw(&results));
	ATF_CHECK(getenv("X_A") == NULL && getenv("X_B") == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, results_end_where_a_field_begins);
	ATF_TP_ADD_TC(tp, names_that_mean_something_are_refused);
	ATF_TP_ADD_TC(tp, what_is_exported_can_be_withdrawn);
	return atf_no_error();
}
