#include <atf-c.h>

#include "lib/address_pattern.h"

static const struct {
	const char *pattern, *address;
	int fits;
} cases[] = {
    {"a@b.c", "a@b.c", 1},
    {"a@b.c", "A@B.C", 1},
    {"a@b.c", "aa@b.c", 0},
    {"a@b.c", "a@b.cc", 0},
    {"*", "", 1},
    {"*", "anything", 1},
    {"", "", 1},
    {"", "a@b.c", 0},
    {"a*", "abc@d.e", 1},
    {"*@b.c", "x@b.c", 1},
    {"*@b.c", "x@bb.c", 0},
    {"a*b*c@d", "aXbXbXc@d", 1},
    {"a*b*c@d", "aXbXbX@d", 0},
    {"*a*a*a*b", "aaaaaaaaaaaaaaaaaaaa", 0},
    {"@b.c", "x@b.c", 1},
    {"@b.c", "x@y@B.c", 1},
    {"@b.c", "x@a.b.c", 0},
    {"@.b.c", "x@a.b.c", 1},
    {"@.b.c", "x@b.c", 0},
    {"@*.c", "x@a.b.c", 1},
    {"@", "postmaster", 1},
    {"@", "a@b.c", 0},
};

ATF_TC_WITHOUT_HEAD(a_pattern_fits_or_not);
ATF_TC_BODY(a_pattern_fits_or_not, tc)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
		ATF_CHECK_EQ_MSG(cases[i].fits,
		    address_pattern_fits(cases[i].pattern, cases[i].address), "%s %s",
		    cases[i].pattern, cases[i].address);
}

ATF_TC_WITHOUT_HEAD(a_domain_may_be_asked_alone);
ATF_TC_BODY(a_domain_may_be_asked_alone, tc)
{
	ATF_CHECK(address_pattern_fits_domain("b.c", "x@B.c"));
	ATF_CHECK(!address_pattern_fits_domain("b.c", "x@a.b.c"));
	ATF_CHECK(address_pattern_fits_domain(".b.c", "x@a.b.c"));
	ATF_CHECK(address_pattern_fits_domain("", "postmaster"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_pattern_fits_or_not);
	ATF_TP_ADD_TC(tp, a_domain_may_be_asked_alone);
	return atf_no_error();
}
