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
	ATF_CHECK(utf8_is_ascii("\x80", 0));
	for (i = 0; i < 20; i++) {
		char text[] = "words of machine size";

		text[i] = (char)0xff;
		ATF_CHECK(!utf8_is_ascii(text, 20));
		ATF_CHECK(utf8_is_ascii(text, i));
		ATF_CHECK(utf8_is_ascii(text + i + 1, 19 - i));
	}
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

ATF_TC_WITHOUT_HEAD(code_points_in_ascii_are_read);
ATF_TC_BODY(code_points_in_ascii_are_read, tc)
{
	static const struct {
		const char *s;
		size_t len;
		unsigned long code;
	} cases[] = {
	    {"\\x{FC}", 6, 0xfc},
	    {"\\x{fc}rest", 6, 0xfc},
	    {"\\x{0}", 5, 0},
	    {"\\x{10FFFF}", 10, 0x10ffff},
	    {"\\x{10ffff}", 10, 0x10ffff},
	    {"\\x{0000FC}", 10, 0xfc},
	    {"\\x{110000}", 0, 0},
	    {"\\x{00000FC}", 0, 0},
	    {"\\x{}", 0, 0},
	    {"\\x{FC", 0, 0},
	    {"\\x{FG}", 0, 0},
	    {"\\x{-1}", 0, 0},
	    {"\\x(FC)", 0, 0},
	    {"x{FC}", 0, 0},
	    {"\\X{FC}", 0, 0},
	    {"", 0, 0},
	};
	unsigned long code;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ATF_CHECK_EQ_MSG(cases[i].len,
		    utf8_embedded(cases[i].s, strlen(cases[i].s), &code), "%s",
		    cases[i].s);
		if (cases[i].len > 0)
			ATF_CHECK_EQ_MSG(cases[i].code, code, "%s", cases[i].s);
	}
	ATF_CHECK_EQ(0, utf8_embedded("\\x{F\0}", 6, &code));
	ATF_CHECK_EQ(0, utf8_embedded("\\x{FC}", 5, &code));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, sound_text_is_told_from_other);
	ATF_TP_ADD_TC(tp, every_code_point_comes_back);
	ATF_TP_ADD_TC(tp, code_points_in_ascii_are_read);
	return atf_no_error();
}
