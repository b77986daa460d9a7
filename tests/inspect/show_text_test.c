#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <atf-c.h>

#include "inspect/show_header.h"
#include "inspect/show_text.h"
#include "lib/text.h"

static void
check(const char *expected, const char *s, int lines)
{
	stralloc sa = {0};

	ATF_CHECK_EQ(strlen(s), show_text(&sa, s, strlen(s), lines, 1));
	text_terminate(&sa);
	ATF_CHECK_STREQ(expected, sa.s);
	stralloc_free(&sa);
}

ATF_TC_WITHOUT_HEAD(nothing_reaches_the_terminal_but_text);
ATF_TC_BODY(nothing_reaches_the_terminal_but_text, tc)
{
	check("caf\xc3\xa9", "caf\xc3\xa9", 0);
	check("\\x1b[31m\\x07\\x7f", "\033[31m\a\177", 1);
	check("a\\x0ab\\x09c", "a\nb\tc", 0);
	check("a\nb\tc\\x0d", "a\nb\tc\r", 1);
	check("\\xff\\xc3(", "\xff\xc3(", 0);
	check("\\xc2\\x9b", "\xc2\x9b", 0);
	check("\\xe2\\x80\\xae", "\xe2\x80\xae", 0);
}

ATF_TC_WITHOUT_HEAD(a_character_may_come_in_pieces);
ATF_TC_BODY(a_character_may_come_in_pieces, tc)
{
	stralloc sa = {0};

	ATF_CHECK_EQ(1, show_text(&sa, "a\xe2\x82", 3, 1, 0));
	ATF_CHECK_EQ(3, show_text(&sa, "\xe2\x82\xac", 3, 1, 0));
	ATF_CHECK_EQ(2, show_text(&sa, "\xe2\x82", 2, 1, 1));
	text_terminate(&sa);
	ATF_CHECK_STREQ("a\xe2\x82\xac\\xe2\\x82", sa.s);
}

ATF_TC_WITHOUT_HEAD(times_are_local);
ATF_TC_BODY(times_are_local, tc)
{
	stralloc sa = {0};

	setenv("TZ", "XXX-2", 1);
	tzset();
	show_text_time(&sa, 1795430701);
	text_terminate(&sa);
	ATF_CHECK_STREQ("2026-11-23 12:45:01", sa.s);
	show_text_time(&sa, INT64_MAX);
}

ATF_TC_WITHOUT_HEAD(the_header_is_told_in_a_few_lines);
ATF_TC_BODY(the_header_is_told_in_a_few_lines, tc)
{
	static const char message[] =
	    "Received: from x\n\tby y\nsubject: a\n long\033\r\n one\n"
	    "From: e@f.g\n\nTo: not in the header\n";
	stralloc sa = {0};

	show_header(&sa, message, strlen(message));
	text_terminate(&sa);
	ATF_CHECK_STREQ("    subject: a long\\x1b one\n    From: e@f.g\n", sa.s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, nothing_reaches_the_terminal_but_text);
	ATF_TP_ADD_TC(tp, a_character_may_come_in_pieces);
	ATF_TP_ADD_TC(tp, times_are_local);
	ATF_TP_ADD_TC(tp, the_header_is_told_in_a_few_lines);
	return atf_no_error();
}
