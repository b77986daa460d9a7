#include <string.h>

#include <atf-c.h>

#include "lib/visible.h"

static void
check(int expected, size_t expected_len, const char *s)
{
	int is_visible = -1;
	size_t n = visible_first(s, strlen(s), &is_visible);

	ATF_CHECK_MSG(expected == is_visible && expected_len == n,
	    "%zu bytes of %zu, visible %d, begin with %#x", n, strlen(s), is_visible,
	    (unsigned char)s[0]);
}

ATF_TC_WITHOUT_HEAD(letters_and_signs_are_visible);
ATF_TC_BODY(letters_and_signs_are_visible, tc)
{
	check(1, 1, "a");
	check(1, 1, " ");
	check(1, 1, "~x");
	check(1, 2, "\xc2\xa0");
	check(1, 2, "\xc5\x9b"); /* its second byte alone would be a C1 control */
	check(1, 3, "\xe2\x82\xac");
	check(1, 3, "\xe2\x80\x90");
	check(1, 3, "\xe2\x80\xb0");
	check(1, 4, "\xf0\x9f\x90\x8c");
}

ATF_TC_WITHOUT_HEAD(controls_are_not);
ATF_TC_BODY(controls_are_not, tc)
{
	static const char *const two[] = {"\xc2\x80", "\xc2\x9b", "\xc2\x9f", "\xd8\x9c"};
	static const char *const three[] = {"\xe2\x80\x8e", "\xe2\x80\x8f",
	    "\xe2\x80\xa8", "\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa6",
	    "\xe2\x81\xa9"};
	size_t i;

	check(0, 1, "\n");
	check(0, 1, "\033[31m");
	check(0, 1, "\177");
	for (i = 0; i < sizeof two / sizeof *two; i++)
		check(0, 2, two[i]);
	for (i = 0; i < sizeof three / sizeof *three; i++)
		check(0, 3, three[i]);
}

ATF_TC_WITHOUT_HEAD(what_is_no_utf8_stands_alone_and_is_not);
ATF_TC_BODY(what_is_no_utf8_stands_alone_and_is_not, tc)
{
	check(0, 1, "\x9b");
	check(0, 1,
	    "\x9b"
	    "31m");
	check(0, 1, "\xe4x");
	check(0, 1, "\xe2\x82");
	check(0, 1, "\xc0\x9b");
	check(0, 1, "\xed\xa0\x80");
}

ATF_TC_WITHOUT_HEAD(one_that_is_not_spoils_all);
ATF_TC_BODY(one_that_is_not_spoils_all, tc)
{
	ATF_CHECK_EQ(1, visible_are("", 0));
	ATF_CHECK_EQ(1, visible_are("p\xc3\xa8re", 5));
	ATF_CHECK_EQ(0, visible_are("p\xc3\xa8re", 2));
	ATF_CHECK_EQ(0, visible_are("a\xc2\x9b", 3));
	ATF_CHECK_EQ(0, visible_are("a\0b", 3));
}

ATF_TC_WITHOUT_HEAD(a_plain_beginning_is_printable_ascii);
ATF_TC_BODY(a_plain_beginning_is_printable_ascii, tc)
{
	ATF_CHECK_EQ(3, visible_plain("a ~\x7f", 4));
	ATF_CHECK_EQ(2, visible_plain("ab", 2));
	ATF_CHECK_EQ(1, visible_plain("p\xc3\xa8re", 5));
	ATF_CHECK_EQ(0, visible_plain("\t", 1));
	ATF_CHECK_EQ(0, visible_plain("a", 0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, letters_and_signs_are_visible);
	ATF_TP_ADD_TC(tp, controls_are_not);
	ATF_TP_ADD_TC(tp, what_is_no_utf8_stands_alone_and_is_not);
	ATF_TP_ADD_TC(tp, one_that_is_not_spoils_all);
	ATF_TP_ADD_TC(tp, a_plain_beginning_is_printable_ascii);
	return atf_no_error();
}
