#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "finding/oldest.h"

/* The ID number n, in the order of time. */
static const char *
make_id(unsigned n)
{
	static char id[QUEUEID_LEN + 1];

	snprintf(id, sizeof id, "%011uabcdefghijklm", n);
	return id;
}

static void
put(struct oldest *o, unsigned count, unsigned step)
{
	for (unsigned i = 0; i < count; ++i)
		oldest_put(o, make_id(i * step % count));
}

ATF_TC_WITHOUT_HEAD(ids_come_in_the_order_of_time);
ATF_TC_BODY(ids_come_in_the_order_of_time, tc)
{
	struct oldest o = {0};

	oldest_begin(&o);
	put(&o, 1000, 7);
	for (unsigned i = 0; i < 1000; ++i)
		ATF_REQUIRE_STREQ(make_id(i), oldest_take(&o));
	ATF_CHECK(!oldest_take(&o));
	ATF_CHECK(!oldest_take(&o));
	ATF_CHECK(!o.more);
	oldest_free(&o);
}

ATF_TC_WITHOUT_HEAD(the_youngest_are_left_out_when_there_are_too_many);
ATF_TC_BODY(the_youngest_are_left_out_when_there_are_too_many, tc)
{
	struct oldest o = {0};

	oldest_begin(&o);
	put(&o, OLDEST_MAX + 5001, 7919);
	for (unsigned i = 0; i < OLDEST_MAX; ++i)
		ATF_REQUIRE_STREQ(make_id(i), oldest_take(&o));
	ATF_CHECK(!oldest_take(&o));
	ATF_CHECK(o.more);
	oldest_free(&o);
}

ATF_TC_WITHOUT_HEAD(it_can_be_begun_again);
ATF_TC_BODY(it_can_be_begun_again, tc)
{
	struct oldest o = {0};

	oldest_begin(&o);
	ATF_CHECK(!oldest_take(&o));
	oldest_free(&o);
	oldest_begin(&o);
	oldest_put(&o, make_id(5));
	oldest_begin(&o);
	oldest_put(&o, make_id(3));
	ATF_CHECK_STREQ(make_id(3), oldest_take(&o));
	ATF_CHECK(!oldest_take(&o));
	oldest_free(&o);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ids_come_in_the_order_of_time);
	ATF_TP_ADD_TC(tp, the_youngest_are_left_out_when_there_are_too_many);
	ATF_TP_ADD_TC(tp, it_can_be_begun_again);
	return atf_no_error();
}
