#include <string.h>

#include <atf-c.h>

#include "lib/enhanced_status.h"

static const struct {
	const char *s;
	char class;
	size_t len;
} cases[] = {
    {"5.7.1", '5', 5},
    {"5.7.1 no", '5', 5},
    {"4.999.999 x", '4', 9},
    {"2.0.0", '2', 5},
    {"5.7.1", '4', 0},
    {"3.7.1", '3', 0},
    {"6.7.1", '6', 0},
    {"1.7.1", '1', 0},
    {"", '5', 0},
    {"5", '5', 0},
    {"5.", '5', 0},
    {"5.7", '5', 0},
    {"5.7.", '5', 0},
    {"5..71", '5', 0},
    {"5.7. x", '5', 0},
    {"5.7 .1", '5', 0},
    {"5.1234.1", '5', 0},
    {"5.7.1234", '5', 0},
    {"5.7.1.2", '5', 0},
    {"5.7.1x", '5', 0},
    {"5.7.1)", '5', 0},
    {"5.7.1\tx", '5', 0},
    {"55.7.1", '5', 0},
    {" 5.7.1", '5', 0},
    {"5.-7.1", '5', 0},
};

ATF_TC_WITHOUT_HEAD(codes_of_the_class_are_found);
ATF_TC_BODY(codes_of_the_class_are_found, tc)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ATF_CHECK_EQ_MSG(cases[i].len,
		    enhanced_status_scan(cases[i].s, strlen(cases[i].s), cases[i].class),
		    "%s", cases[i].s);
}

ATF_TC_WITHOUT_HEAD(what_stands_behind_the_length_does_not_count);
ATF_TC_BODY(what_stands_behind_the_length_does_not_count, tc)
{
	ATF_CHECK_EQ(5, enhanced_status_scan("5.7.123x", 5, '5'));
	ATF_CHECK_EQ(7, enhanced_status_scan("5.7.123x", 7, '5'));
	ATF_CHECK_EQ(0, enhanced_status_scan("5.7.123", 4, '5'));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, codes_of_the_class_are_found);
	ATF_TP_ADD_TC(tp, what_stands_behind_the_length_does_not_count);
	return atf_no_error();
}
