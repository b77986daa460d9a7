#include <stdio.h>

#include <atf-c.h>

#include "finding/settled.h"

static struct settled s;

static const char *
id(int n)
{
	static char text[QUEUEID_LEN + 1];

	snprintf(text, sizeof text, "0hofc52zpb5l953d9rf%05d", n);
	return text;
}

ATF_TC_WITHOUT_HEAD(what_was_settled_last_is_remembered);
ATF_TC_BODY(what_was_settled_last_is_remembered, tc)
{
	for (int n = 0; n < SETTLED_MAX + 10; ++n)
		settled_put(&s, id(n), n);
	ATF_CHECK(!settled_has(&s, id(9)));
	ATF_CHECK(settled_has(&s, id(10)));
	ATF_CHECK(settled_has(&s, id(SETTLED_MAX + 9)));
	ATF_CHECK(!settled_has(&s, id(SETTLED_MAX + 10)));
}

ATF_TC_WITHOUT_HEAD(the_last_ones_are_told_since_a_time);
ATF_TC_BODY(the_last_ones_are_told_since_a_time, tc)
{
	ATF_CHECK(settled_last(&s, 0, 0) == NULL);
	for (int n = 0; n < 5; ++n)
		settled_put(&s, id(n), 100 + n);
	ATF_CHECK_STREQ(id(4), settled_last(&s, 0, 103));
	ATF_CHECK_STREQ(id(3), settled_last(&s, 1, 103));
	ATF_CHECK(settled_last(&s, 2, 103) == NULL);
	ATF_CHECK(settled_last(&s, 4, 0) != NULL);
	ATF_CHECK(settled_last(&s, 5, 0) == NULL);
	ATF_CHECK(settled_last(&s, SETTLED_MAX, 0) == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_was_settled_last_is_remembered);
	ATF_TP_ADD_TC(tp, the_last_ones_are_told_since_a_time);
	return atf_no_error();
}
