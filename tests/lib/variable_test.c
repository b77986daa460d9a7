#include <stdlib.h>

#include <atf-c.h>

#include "lib/variable.h"

ATF_TC_WITHOUT_HEAD(a_name_is_matched_as_a_whole);
ATF_TC_BODY(a_name_is_matched_as_a_whole, tc)
{
	char *variables[] = {
	    "NAMES=1", "NAM=2", "NAME", "NAME=3", "NAME=4", "EMPTY=", NULL};

	ATF_CHECK_STREQ("3", variable_value(variables, "NAME"));
	ATF_CHECK_STREQ("", variable_value(variables, "EMPTY"));
	ATF_CHECK_EQ(NULL, variable_value(variables, "EMPT"));
	ATF_CHECK_EQ(NULL, variable_value(variables, "OTHER"));
	ATF_CHECK_EQ(NULL, variable_value(variables + 6, "NAME"));
}

ATF_TC_WITHOUT_HEAD(what_is_set_is_seen);
ATF_TC_BODY(what_is_set_is_seen, tc)
{
	ATF_CHECK_EQ(NULL, variable_own("SURELY_UNKNOWN"));
	setenv("SURELY_UNKNOWN", "not any more", 1);
	ATF_CHECK_STREQ("not any more", variable_own("SURELY_UNKNOWN"));
	unsetenv("SURELY_UNKNOWN");
	ATF_CHECK_EQ(NULL, variable_own("SURELY_UNKNOWN"));
	clearenv();
	ATF_CHECK_EQ(NULL, variable_own("SURELY_UNKNOWN"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_name_is_matched_as_a_whole);
	ATF_TP_ADD_TC(tp, what_is_set_is_seen);
	return atf_no_error();
}
