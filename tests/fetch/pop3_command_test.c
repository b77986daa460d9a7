#include <limits.h>
#include <string.h>

#include <atf-c.h>

#include "fetch/pop3_command.h"

static struct pop3_command command;
static char line[POP3_LINE_MAX + 1];

static int
parse(const char *s, size_t len)
{
	memcpy(line, s, len);
	return pop3_command_parse(&command, line, len);
}

ATF_TC_WITHOUT_HEAD(the_argument_is_all_behind_the_first_blank);
ATF_TC_BODY(the_argument_is_all_behind_the_first_blank, tc)
{
	static const struct {
		const char *line;
		const char *verb;
		const char *argument;
	} cases[] = {
	    {"STAT\r", "STAT", NULL},
	    {"STAT", "STAT", NULL},
	    {"PASS a b  c \r", "PASS", "a b  c "},
	    {"PASS  x\r", "PASS", " x"},
	    {"USER \r", "USER", ""},
	    {"\r", "", NULL},
	    {"", "", NULL},
	    {" STAT", "", "STAT"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ATF_REQUIRE(parse(cases[i].line, strlen(cases[i].line)));
		ATF_CHECK_STREQ(cases[i].verb, command.verb);
		if (cases[i].argument == NULL)
			ATF_CHECK(command.argument == NULL);
		else
			ATF_CHECK_STREQ(cases[i].argument, command.argument);
	}
}

ATF_TC_WITHOUT_HEAD(a_nul_or_cr_within_the_line_is_refused);
ATF_TC_BODY(a_nul_or_cr_within_the_line_is_refused, tc)
{
	ATF_CHECK(!parse("PASS a\0b", 8));
	ATF_CHECK(!parse("\0", 1));
	ATF_CHECK(!parse("PASS a\rb", 8));
	ATF_CHECK(!parse("STAT\r\r", 6));
}

ATF_TC_WITHOUT_HEAD(arguments_are_numbers_or_refused);
ATF_TC_BODY(arguments_are_numbers_or_refused, tc)
{
	static const struct {
		const char *argument;
		int count;
		unsigned long long first;
		unsigned long long second;
	} cases[] = {
	    {NULL, 0, 0, 0},
	    {"", 0, 0, 0},
	    {"  ", 0, 0, 0},
	    {"1", 1, 1, 0},
	    {" 007 ", 1, 7, 0},
	    {"1 20", 2, 1, 20},
	    {"18446744073709551616 1", 2, ULLONG_MAX, 1},
	    {"99999999999999999999999999", 1, ULLONG_MAX, 0},
	    {"1 2 3", -1, 0, 0},
	    {"-1", -1, 0, 0},
	    {"+1", -1, 0, 0},
	    {"1x", -1, 0, 0},
	    {"x", -1, 0, 0},
	    {"1\t2", -1, 0, 0},
	    {"1,2", -1, 0, 0},
	};
	unsigned long long n[2];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ATF_CHECK_EQ_MSG(cases[i].count,
		    pop3_command_numbers(cases[i].argument, n, 2), "%s",
		    cases[i].argument);
		if (cases[i].count >= 1)
			ATF_CHECK_EQ(cases[i].first, n[0]);
		if (cases[i].count == 2)
			ATF_CHECK_EQ(cases[i].second, n[1]);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_argument_is_all_behind_the_first_blank);
	ATF_TP_ADD_TC(tp, a_nul_or_cr_within_the_line_is_refused);
	ATF_TP_ADD_TC(tp, arguments_are_numbers_or_refused);
	return atf_no_error();
}
