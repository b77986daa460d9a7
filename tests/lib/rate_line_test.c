#include <string.h>

#include <atf-c.h>

#include "lib/rate_line.h"

ATF_TC_WITHOUT_HEAD(lines_are_taken_apart);
ATF_TC_BODY(lines_are_taken_apart, tc)
{
	static const struct {
		const char *line, *name;
		int is_below, is_mx;
		int64_t interval;
	} cases[] = {
	    {"example.org 2", "example.org", 0, 0, 500000},
	    {"Example.ORG\t 10/60", "example.org", 0, 0, 6000000},
	    {".example.org 1/86400", "example.org", 1, 0, 86400000000},
	    {"mx:mx.example.org 1000000", "mx.example.org", 0, 1, 1},
	    {"mx:.example.org 3/2", "example.org", 1, 1, 666666},
	    {"* 20", "", 0, 0, 50000},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		char line[64];
		struct rate_line r;

		strcpy(line, cases[i].line);
		ATF_REQUIRE(rate_line_parse(&r, line));
		ATF_CHECK_STREQ(cases[i].name, r.name);
		ATF_CHECK_EQ(cases[i].is_below, r.is_below);
		ATF_CHECK_EQ(cases[i].is_mx, r.is_mx);
		ATF_CHECK_EQ(cases[i].interval, r.interval);
	}
}

ATF_TC_WITHOUT_HEAD(other_lines_are_refused);
ATF_TC_BODY(other_lines_are_refused, tc)
{
	static const char *const cases[] = {"", " ", "example.org", "example.org ",
	    "example.org 0", "example.org 1/0", "example.org -1", "example.org 1/",
	    "example.org /5", "example.org 1 2", "example.org 1000001",
	    "example.org 1/86401", "example.org 0.5", "a@b 1", "mx:* 1", "mx: 1", ". 1",
	    " 1", "x:y 1", "example.org 99999999999999999999", "*.org 1"};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		char line[64];
		struct rate_line r;

		strcpy(line, cases[i]);
		ATF_CHECK_MSG(!rate_line_parse(&r, line), "taken: %s", cases[i]);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_are_taken_apart);
	ATF_TP_ADD_TC(tp, other_lines_are_refused);
	return atf_no_error();
}
