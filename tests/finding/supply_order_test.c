#include <string.h>

#include <atf-c.h>

#include "finding/supply_order.h"

#define ID "0hofc52zpb5l953d9rf5s00a"

static struct supply_order o;

static int
parse(const char *text)
{
	return supply_order_parse(&o, text, strlen(text));
}

ATF_TC_WITHOUT_HEAD(what_the_service_says_is_taken_apart);
ATF_TC_BODY(what_the_service_says_is_taken_apart, tc)
{
	ATF_CHECK_EQ(0, parse("K"));
	ATF_CHECK_EQ(1, parse("M" ID));
	ATF_CHECK_EQ(SUPPLY_MESSAGE, o.kind);
	ATF_CHECK_STREQ(ID, o.id);
	ATF_CHECK_EQ(0, o.again);
	ATF_CHECK_EQ(-1, o.fd);
	ATF_CHECK_EQ(1, parse("M" ID "+"));
	ATF_CHECK_EQ(1, o.again);
	ATF_CHECK_EQ(1, parse("X" ID));
	ATF_CHECK_EQ(SUPPLY_WANTED, o.kind);
	ATF_CHECK_EQ(1, parse("F" ID));
	ATF_CHECK_EQ(SUPPLY_FILED, o.kind);
}

ATF_TC_WITHOUT_HEAD(nonsense_is_nothing);
ATF_TC_BODY(nonsense_is_nothing, tc)
{
	static const char *const cases[] = {"", "M", "X", "+", "K" ID, "S" ID,
	    "M" ID "++", "X" ID "+", "M" ID "x", "M0hofc52zpb5l953d9rf5s00",
	    "M0hofc52zpb5l953d9rf5s0/a", "Zno", "M+"};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
		ATF_CHECK_EQ_MSG(-1, parse(cases[i]), "%s", cases[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_the_service_says_is_taken_apart);
	ATF_TP_ADD_TC(tp, nonsense_is_nothing);
	return atf_no_error();
}
