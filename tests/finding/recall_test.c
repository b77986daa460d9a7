#include <string.h>

#include <atf-c.h>

#include "finding/recall.h"

#define ID "0hofc52zpb5l953d9rf5s00"

static struct recall r;
static char id[QUEUEID_LEN + 1];
static int64_t bucket;

ATF_TC_WITHOUT_HEAD(they_come_back_in_order_when_their_moment_has_come);
ATF_TC_BODY(they_come_back_in_order_when_their_moment_has_come, tc)
{
	ATF_CHECK_EQ(INT64_MAX, recall_until(&r));
	ATF_CHECK_EQ(1, recall_put(&r, 7, ID "a", 1100));
	ATF_CHECK_EQ(1, recall_put(&r, 0, ID "b", 1200));
	ATF_CHECK_EQ(1100, recall_until(&r));
	ATF_CHECK_EQ(0, recall_take(&r, 1099, &bucket, id));
	ATF_CHECK_EQ(1, recall_take(&r, 1100, &bucket, id));
	ATF_CHECK_EQ(7, bucket);
	ATF_CHECK_STREQ(ID "a", id);
	ATF_CHECK_EQ(0, recall_take(&r, 1100, &bucket, id));
	ATF_CHECK_EQ(1, recall_take(&r, 1200, &bucket, id));
	ATF_CHECK_STREQ(ID "b", id);
	ATF_CHECK_EQ(INT64_MAX, recall_until(&r));
}

ATF_TC_WITHOUT_HEAD(who_hurries_takes_only_those_that_were_there);
ATF_TC_BODY(who_hurries_takes_only_those_that_were_there, tc)
{
	recall_put(&r, 7, ID "a", INT64_MAX);
	recall_put(&r, 8, ID "b", INT64_MAX);
	ATF_CHECK_EQ(0, recall_take(&r, 5, &bucket, id));
	recall_hurry(&r);
	recall_put(&r, 9, ID "c", INT64_MAX);
	ATF_CHECK_EQ(1, recall_take(&r, 5, &bucket, id));
	ATF_CHECK_EQ(7, bucket);
	ATF_CHECK_STREQ(ID "a", id);
	ATF_CHECK_EQ(1, recall_take(&r, 5, &bucket, id));
	ATF_CHECK_EQ(0, recall_take(&r, 5, &bucket, id));
	recall_hurry(&r);
	ATF_CHECK_EQ(1, recall_take(&r, 5, &bucket, id));
	ATF_CHECK_STREQ(ID "c", id);
}

ATF_TC_WITHOUT_HEAD(it_is_bounded_and_says_when_it_is_full);
ATF_TC_BODY(it_is_bounded_and_says_when_it_is_full, tc)
{
	int64_t n = 0;

	for (int i = 1; i <= RECALL_MAX; ++i)
		ATF_CHECK_EQ(1, recall_put(&r, i, ID "a", 0));
	ATF_CHECK_EQ(0, recall_put(&r, 0, ID "a", 0));
	for (int i = 1; i <= 5; ++i) {
		recall_drop(&r);
		ATF_CHECK_EQ(1, recall_put(&r, RECALL_MAX + i, ID "a", 0));
	}
	while (recall_take(&r, 0, &bucket, id))
		ATF_CHECK_EQ(++n + 5, bucket);
	ATF_CHECK_EQ(RECALL_MAX, n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, they_come_back_in_order_when_their_moment_has_come);
	ATF_TP_ADD_TC(tp, who_hurries_takes_only_those_that_were_there);
	ATF_TP_ADD_TC(tp, it_is_bounded_and_says_when_it_is_full);
	return atf_no_error();
}
