#include <atf-c.h>

#include "lib/maildirname.h"

ATF_TC_WITHOUT_HEAD(sizes_are_read_where_they_are_told);
ATF_TC_BODY(sizes_are_read_where_they_are_told, tc)
{
	static const struct {
		const char *name;
		char letter;
		int found;
		unsigned long long n;
	} cases[] = {
	    {"1.a.b,S=123,W=130", 'S', 1, 123},
	    {"1.a.b,S=123,W=130", 'W', 1, 130},
	    {"1.a.b,W=130,S=123:2,FS", 'S', 1, 123},
	    {"1.a.b,S=0", 'S', 1, 0},
	    {"1.a.b,S=9223372036854775807", 'S', 1, 9223372036854775807ull},
	    {"1.a.b,S=9223372036854775808", 'S', 0, 0},
	    {"1.a.b,S=", 'S', 0, 0},
	    {"1.a.b,S=12x", 'S', 0, 0},
	    {"1.a.b,S=-1", 'S', 0, 0},
	    {"1.a.b", 'S', 0, 0},
	    {"1.a.b:2,S=5", 'S', 0, 0},
	    {"1.a.bS=5", 'S', 0, 0},
	    {"", 'S', 0, 0},
	    {",S", 'S', 0, 0},
	    {",S=7", 'S', 1, 7},
	};
	unsigned long long n;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		n = 0;
		ATF_CHECK_EQ_MSG(cases[i].found,
		    maildirname_number(cases[i].name, cases[i].letter, &n), "%s",
		    cases[i].name);
		ATF_CHECK_EQ_MSG(cases[i].n, n, "%s", cases[i].name);
	}
}

ATF_TC_WITHOUT_HEAD(the_unique_part_ends_at_comma_or_colon);
ATF_TC_BODY(the_unique_part_ends_at_comma_or_colon, tc)
{
	ATF_CHECK_EQ(5, maildirname_base("1.a.b,S=123:2,S"));
	ATF_CHECK_EQ(5, maildirname_base("1.a.b:2,S"));
	ATF_CHECK_EQ(5, maildirname_base("1.a.b"));
	ATF_CHECK_EQ(0, maildirname_base(":2,S"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, sizes_are_read_where_they_are_told);
	ATF_TP_ADD_TC(tp, the_unique_part_ends_at_comma_or_colon);
	return atf_no_error();
}
