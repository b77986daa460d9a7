#include <string.h>

#include <atf-c.h>

#include "queue/queue_busy.h"

#define ID "0hofc52zpb5l953d9rf5s00"

ATF_TC_WITHOUT_HEAD(they_come_back_in_order_after_a_moment);
ATF_TC_BODY(they_come_back_in_order_after_a_moment, tc)
{
	struct queue_busy b = {0};
	char id[QUEUEID_LEN + 1];
	int64_t bucket;

	ATF_CHECK_EQ(INT64_MAX, queue_busy_until(&b));
	queue_busy_put(&b, 7, ID "a", 100);
	queue_busy_put(&b, 0, ID "b", 200);
	ATF_CHECK_EQ(1100, queue_busy_until(&b));
	ATF_CHECK_EQ(0, queue_busy_take(&b, 1099, &bucket, id));
	ATF_CHECK_EQ(1, queue_busy_take(&b, 1100, &bucket, id));
	ATF_CHECK_EQ(7, bucket);
	ATF_CHECK_STREQ(ID "a", id);
	ATF_CHECK_EQ(0, queue_busy_take(&b, 1100, &bucket, id));
	ATF_CHECK_EQ(1, queue_busy_take(&b, 1200, &bucket, id));
	ATF_CHECK_STREQ(ID "b", id);
	ATF_CHECK_EQ(INT64_MAX, queue_busy_until(&b));
}

ATF_TC_WITHOUT_HEAD(those_without_room_are_looked_for);
ATF_TC_BODY(those_without_room_are_looked_for, tc)
{
	struct queue_busy b = {0};
	char id[QUEUEID_LEN + 1];
	int64_t bucket;

	for (int i = 0; i < QUEUE_BUSY_MAX + 3; ++i)
		queue_busy_put(&b, i, ID "a", i);
	for (int i = 0; i < QUEUE_BUSY_MAX; ++i)
		ATF_CHECK_EQ(1, queue_busy_take(&b, 5000, &bucket, id));
	ATF_CHECK_EQ(-1, queue_busy_take(&b, 5000, &bucket, id));
	ATF_CHECK_EQ(0, queue_busy_take(&b, 5000, &bucket, id));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, they_come_back_in_order_after_a_moment);
	ATF_TP_ADD_TC(tp, those_without_room_are_looked_for);
	return atf_no_error();
}
