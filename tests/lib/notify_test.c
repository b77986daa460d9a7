#include <atf-c.h>

#include "lib/notify.h"

ATF_TC_WITHOUT_HEAD(reports_are_wanted_as_the_rfc_says);
ATF_TC_BODY(reports_are_wanted_as_the_rfc_says, tc)
{
	ATF_CHECK(notify_wants(NULL, "FAILURE"));
	ATF_CHECK(notify_wants(NULL, "DELAY"));
	ATF_CHECK(!notify_wants(NULL, "SUCCESS"));
	ATF_CHECK(!notify_wants("NEVER", "FAILURE"));
	ATF_CHECK(!notify_wants("NEVER", "DELAY"));
	ATF_CHECK(!notify_wants("NEVER", "SUCCESS"));
	ATF_CHECK(!notify_wants("", "FAILURE"));
	ATF_CHECK(notify_wants("FAILURE,success", "SUCCESS"));
	ATF_CHECK(notify_wants("SUCCESS,DELAY", "DELAY"));
	ATF_CHECK(!notify_wants("SUCCESS,DELAY", "FAILURE"));
	ATF_CHECK(!notify_wants("SUCCESSES,XDELAY", "SUCCESS"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, reports_are_wanted_as_the_rfc_says);
	return atf_no_error();
}
