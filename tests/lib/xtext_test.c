#include <string.h>

#include <atf-c.h>

#include "lib/xtext.h"

ATF_TC_WITHOUT_HEAD(every_byte_comes_back);
ATF_TC_BODY(every_byte_comes_back, tc)
{
	char all[256], back[1000];
	stralloc sa = {0};
	size_t i;

	for (i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	xtext_cat(&sa, all, sizeof(all));
	for (i = 0; i < sa.len; i++)
		ATF_CHECK(sa.s[i] > ' ' && sa.s[i] < 127);
	ATF_REQUIRE(sa.len <= sizeof(back));
	ATF_REQUIRE_EQ(sizeof(all), xtext_decode(back, sa.s, sa.len));
	ATF_CHECK(memcmp(all, back, sizeof(all)) == 0);
	ATF_REQUIRE_EQ(sizeof(all), xtext_decode(sa.s, sa.s, sa.len)); /* in place */
	ATF_CHECK(memcmp(all, sa.s, sizeof(all)) == 0);
}

ATF_TC_WITHOUT_HEAD(malformed_ones_are_refused);
ATF_TC_BODY(malformed_ones_are_refused, tc)
{
	static const char *const bad[] = {
	    "a=b", "a b", "a\tb", "+", "+4", "+4g", "+4a", "+-1", "\x80", "\x7f", "a+"};
	char out[10];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ATF_CHECK_EQ_MSG(
		    -1, xtext_decode(out, bad[i], strlen(bad[i])), "%s", bad[i]);
		ATF_CHECK_MSG(!xtext_is_printable(bad[i], strlen(bad[i])), "%s", bad[i]);
	}
	ATF_CHECK_EQ(0, xtext_decode(out, "", 0));
	ATF_CHECK_EQ(-1, xtext_decode(out,
			     "+\0"
			     "41",
			     4));
}

ATF_TC_WITHOUT_HEAD(what_may_stand_in_a_header_is_told);
ATF_TC_BODY(what_may_stand_in_a_header_is_told, tc)
{
	ATF_CHECK(xtext_is_printable("QQ314159", 8));
	ATF_CHECK(xtext_is_printable("a+20b+7E", 8));
	ATF_CHECK(!xtext_is_printable("a+0Ab", 5));
	ATF_CHECK(!xtext_is_printable("a+7Fb", 5));
	ATF_CHECK(!xtext_is_printable("a+80b", 5));
	ATF_CHECK(!xtext_is_printable("a+00b", 5));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, every_byte_comes_back);
	ATF_TP_ADD_TC(tp, malformed_ones_are_refused);
	ATF_TP_ADD_TC(tp, what_may_stand_in_a_header_is_told);
	return atf_no_error();
}
