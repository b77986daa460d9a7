#include <limits.h>
#include <string.h>

#include <atf-c.h>

#include "lib/datetime.h"

ATF_TC_WITHOUT_HEAD(dates_are_those_of_rfc_5322);
ATF_TC_BODY(dates_are_those_of_rfc_5322, tc)
{
	char buf[DATETIME_MAX];

	ATF_CHECK_STREQ("Thu, 01 Jan 1970 00:00:00 +0000", datetime_rfc5322(buf, 0));
	ATF_CHECK_STREQ(
	    "Fri, 13 Feb 2009 23:31:30 +0000", datetime_rfc5322(buf, 1234567890));
	ATF_CHECK_STREQ(
	    "Tue, 29 Feb 2000 12:00:00 +0000", datetime_rfc5322(buf, 951825600));
	ATF_CHECK_STREQ(
	    "Wed, 31 Dec 2036 23:59:59 +0000", datetime_rfc5322(buf, 2114380799));
	ATF_CHECK_STREQ("Wed, 31 Dec 1969 23:59:59 +0000", datetime_rfc5322(buf, -1));
}

ATF_TC_WITHOUT_HEAD(a_senseless_time_gives_a_date_all_the_same);
ATF_TC_BODY(a_senseless_time_gives_a_date_all_the_same, tc)
{
	static const time_t odd[] = {LONG_MAX, LONG_MIN, 253402300800, -3000000000};
	char buf[DATETIME_MAX];
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		ATF_CHECK_EQ(31, strlen(datetime_rfc5322(buf, odd[i])));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dates_are_those_of_rfc_5322);
	ATF_TP_ADD_TC(tp, a_senseless_time_gives_a_date_all_the_same);
	return atf_no_error();
}
