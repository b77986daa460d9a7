#include <string.h>

#include <atf-c.h>

#include "smtp/orcpt.h"

static int
is_sound(const char *s, int is_utf8)
{
	return orcpt_is_sound(s, strlen(s), is_utf8);
}

ATF_TC_WITHOUT_HEAD(a_value_has_a_type_and_xtext);
ATF_TC_BODY(a_value_has_a_type_and_xtext, tc)
{
	ATF_CHECK(is_sound("rfc822;a+40b", 0));
	ATF_CHECK(is_sound("x400;a", 0));
	ATF_CHECK(!is_sound("rfc822;", 0));
	ATF_CHECK(!is_sound("rfc822", 0));
	ATF_CHECK(!is_sound(";a", 0));
	ATF_CHECK(!is_sound("rfc 822;a", 0));
	ATF_CHECK(!is_sound("rfc822;a+0A", 0));
	ATF_CHECK(!is_sound("rfc822;a=b", 0));
}

ATF_TC_WITHOUT_HEAD(utf8_is_embedded_or_itself);
ATF_TC_BODY(utf8_is_embedded_or_itself, tc)
{
	ATF_CHECK(is_sound("UTF-8;\\x{E9}@c", 0));
	ATF_CHECK(is_sound("utf-8;\xc3\xa9@c", 1));
	ATF_CHECK(!is_sound("utf-8;\xc3\xa9@c", 0));
	ATF_CHECK(!is_sound("utf-8;\xc3@c", 1));
	ATF_CHECK(!is_sound("utf-8;\\x{0A}@c", 1));
	ATF_CHECK(!is_sound("utf-8;\\x{D800}@c", 1));
	ATF_CHECK(!is_sound("utf-8;\\x{110000}@c", 1));
	ATF_CHECK(!is_sound("utf-8;\\x{E9", 1));
	ATF_CHECK(!is_sound("utf-8;a+b@c", 1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_value_has_a_type_and_xtext);
	ATF_TP_ADD_TC(tp, utf8_is_embedded_or_itself);
	return atf_no_error();
}
