#include <string.h>

#include <atf-c.h>

#include "lib/utf8.h"

ATF_TC_WITHOUT_HEAD(sound_text_is_told_from_other);
ATF_TC_BODY(sound_text_is_told_from_other, tc)
{
	static const char *const sound[] = {"", "abc", "\x7f", "\xc2\x80",
	    "m\xc3\xbcller", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
	    "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
	static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3",
	    "\xc3\x28", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80",
	    "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
	    "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "a\xfe"};
	size_t i;

	for (i = 0; i < sizeof(sound) / sizeof(sound[0]); i++)
		ATF_CHECK_MSG(utf8_is_sound(sound[i], strlen(sound[i])), "%s", sound[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(!utf8_is_sound(bad[i], strlen(bad[i])), "%zu", i);
	ATF_CHECK(utf8_is_ascii("a\x7f", 2));
	ATF_CHECK(!utf8_is_ascii("a\x80", 2));
}

ATF_TC_WITHOUT_HEAD(every_code_point_comes_back);
ATF_TC_BODY(every_code_point_comes_back, tc)
{
	unsigned long c;
	size_t len, taken;
	char buf[4];

	for (c = 0; c <= 0x10ffff; c++) {
		len = utf8_put(buf, c);
		ATF_REQUIRE_EQ(c < 0xd800 || c > 0xdfff, utf8_is_sound(buf, len));
		ATF_REQUIRE_EQ(c, utf8_first(buf, len, &taken));
		ATF_REQUIRE_EQ(len, taken);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, sound_text_is_told_from_other);
	ATF_TP_ADD_TC(tp, every_code_point_comes_back);
	return atf_no_error();
}
