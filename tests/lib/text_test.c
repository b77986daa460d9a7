#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "lib/text_decimal.h"
#include "lib/text_number.h"

ATF_TC_WITHOUT_HEAD(decimals_are_written_in_full);
ATF_TC_BODY(decimals_are_written_in_full, tc)
{
	char buf[DECIMAL_MAX];

	ATF_CHECK_STREQ("0", text_decimal(buf, 0));
	ATF_CHECK_STREQ("52428800", text_decimal(buf, 52428800));
	ATF_CHECK_STREQ("18446744073709551615", text_decimal(buf, ~0ull));
}

ATF_TC_WITHOUT_HEAD(numbers_are_digits_within_the_limit);
ATF_TC_BODY(numbers_are_digits_within_the_limit, tc)
{
	static const char *const bad[] = {
	    "", "-1", "1 ", " 1", "0x1", "1.", "256", "99999", "18446744073709551616"};
	unsigned long long n = 7;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(
		    !text_number(bad[i], strlen(bad[i]), 255, &n), "%s", bad[i]);
	ATF_CHECK_EQ(7, n);
	ATF_CHECK(text_number("255", 3, 255, &n));
	ATF_CHECK_EQ(255, n);
	ATF_CHECK(text_number("18446744073709551615", 20, ~0ull, &n));
	ATF_CHECK_EQ(~0ull, n);
	ATF_CHECK(!text_number("18446744073709551616", 20, ~0ull, &n));
	/* a limit below the digit itself */
	ATF_CHECK(!text_number("5", 1, 1, &n));
	ATF_CHECK(!text_number("05", 2, 4, &n));
	ATF_CHECK(text_number("05", 2, 5, &n));
	ATF_CHECK(text_number("0", 1, 0, &n));
	ATF_CHECK(!text_number("1", 1, 0, &n));
}

ATF_TC_WITHOUT_HEAD(printable_text_has_no_controls_and_keeps_its_limit);
ATF_TC_BODY(printable_text_has_no_controls_and_keeps_its_limit, tc)
{
	stralloc sa = {0};

	text_cat(&sa, "said: ", (char *)NULL);
	text_cat_printable(&sa, "a\r\nb\0c\177d", 8, 7);
	ATF_CHECK_EQ(13, sa.len);
	ATF_CHECK(memcmp(sa.s, "said: a  b c ", 13) == 0);
	sa.len = 0;
	text_cat_printable(&sa, "\xc3\xa8\xc2\x9b\x9b\xe2\x80\xaex\xe2\x82\xac", 12, 11);
	text_terminate(&sa);
	ATF_CHECK_STREQ("\xc3\xa8   x  ", sa.s);
}

ATF_TC_WITHOUT_HEAD(what_is_set_takes_the_place_of_what_was);
ATF_TC_BODY(what_is_set_takes_the_place_of_what_was, tc)
{
	stralloc sa = {0};

	text_set(&sa, "a longer one");
	ATF_CHECK_EQ(12, sa.len);
	text_setb(&sa, "shorter", 5);
	ATF_CHECK_EQ(5, sa.len);
	ATF_CHECK_STREQ("short", sa.s);
	text_set(&sa, "");
	ATF_CHECK_EQ(0, sa.len);
	ATF_CHECK_STREQ("", sa.s);
	stralloc_free(&sa);
}

ATF_TC_WITHOUT_HEAD(a_copy_has_its_end);
ATF_TC_BODY(a_copy_has_its_end, tc)
{
	char copy[4];

	ATF_CHECK(text_copy(copy, sizeof(copy), "abcd", 3));
	ATF_CHECK_STREQ("abc", copy);
	ATF_CHECK(text_copy(copy, sizeof(copy), "abcd", 0));
	ATF_CHECK_STREQ("", copy);
	ATF_CHECK(!text_copy(copy, sizeof(copy), "abcd", 4));
	ATF_CHECK(!text_copy(copy, sizeof(copy), "a\0c", 3));
}

ATF_TC_WITHOUT_HEAD(strings_follow_each_other);
ATF_TC_BODY(strings_follow_each_other, tc)
{
	static const char bytes[] = "one\0\0three"; /* whose \0 is not looked at */
	const char *at = bytes, *end = bytes + sizeof bytes - 1;

	ATF_CHECK_STREQ("one", text_next(&at, end));
	ATF_CHECK_STREQ("", text_next(&at, end));
	ATF_CHECK_EQ(bytes + 5, at);
	ATF_CHECK_EQ(NULL, text_next(&at, end));
	ATF_CHECK_EQ(bytes + 5, at);
	ATF_CHECK_STREQ("three", text_next(&at, end + 1));
	ATF_CHECK_EQ(NULL, text_next(&at, end + 1));
}

ATF_TC_WITHOUT_HEAD(what_is_wiped_is_gone);
ATF_TC_BODY(what_is_wiped_is_gone, tc)
{
	stralloc sa = {0};
	size_t i, room;

	text_wipe(&sa); /* nothing was ever there */
	ATF_CHECK_EQ(0, sa.len);
	text_set(&sa, "a longer secret");
	text_set(&sa, "secret");
	room = sa.a;
	text_wipe(&sa);
	ATF_CHECK_EQ(0, sa.len);
	for (i = 0; i < room; i++)
		ATF_CHECK_EQ('\0', sa.s[i]);
	stralloc_free(&sa);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_set_takes_the_place_of_what_was);
	ATF_TP_ADD_TC(tp, decimals_are_written_in_full);
	ATF_TP_ADD_TC(tp, numbers_are_digits_within_the_limit);
	ATF_TP_ADD_TC(tp, printable_text_has_no_controls_and_keeps_its_limit);
	ATF_TP_ADD_TC(tp, a_copy_has_its_end);
	ATF_TP_ADD_TC(tp, strings_follow_each_other);
	ATF_TP_ADD_TC(tp, what_is_wiped_is_gone);
	return atf_no_error();
}
