#include <string.h>

#include <atf-c.h>

#include "lib/lower.h"

ATF_TC_WITHOUT_HEAD(letters_of_ascii_only_change);
ATF_TC_BODY(letters_of_ascii_only_change, tc)
{
	char s[] = "@AZ[`az{\xc3\x84\xc9";

	lower_string(s);
	ATF_CHECK_STREQ("@az[`az{\xc3\x84\xc9", s);
	ATF_CHECK_EQ('m', lower_char('M'));
	ATF_CHECK_EQ('\xc9', lower_char('\xc9'));
}

ATF_TC_WITHOUT_HEAD(no_more_bytes_change_than_are_told);
ATF_TC_BODY(no_more_bytes_change_than_are_told, tc)
{
	char s[] = "AB\0CD";

	lower_bytes(s, 4);
	ATF_CHECK_EQ(0, memcmp("ab\0cD", s, sizeof s));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, letters_of_ascii_only_change);
	ATF_TP_ADD_TC(tp, no_more_bytes_change_than_are_told);
	return atf_no_error();
}
