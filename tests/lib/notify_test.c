#include <string.h>

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

ATF_TC_WITHOUT_HEAD(a_success_to_report_is_told_by_its_first_word);
ATF_TC_BODY(a_success_to_report_is_told_by_its_first_word, tc)
{
	static const struct {
		const char *text, *word;
	} cases[] = {{"relayed: mx.a[192.0.2.1] said: 250 ok", "relayed"},
	    {"delivered: to you", "delivered"}, {"expanded: ", "expanded"},
	    {"expanded:", NULL}, {"delivered to you", NULL}, {"", NULL},
	    {"mx.a[192.0.2.1] said: 250 relayed: ", NULL}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const char *text = cases[i].text;
		const char *word =
		    notify_success_word(notify_success(text, strlen(text)));

		if (cases[i].word)
			ATF_CHECK_STREQ(cases[i].word, word);
		else
			ATF_CHECK_MSG(!word, "%s", text);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, reports_are_wanted_as_the_rfc_says);
	ATF_TP_ADD_TC(tp, a_success_to_report_is_told_by_its_first_word);
	return atf_no_error();
}
