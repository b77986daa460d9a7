#include <atf-c.h>

#include "queue/queue_passed.h"

#define ID "0hofc52zpb5l953d9rf5s00"

ATF_TC_WITHOUT_HEAD(only_those_that_were_there_are_due);
ATF_TC_BODY(only_those_that_were_there_are_due, tc)
{
	struct queue_passed p = {0};
	char id[QUEUEID_LEN + 1];
	int64_t bucket;

	queue_passed_put(&p, 7, ID "a");
	queue_passed_put(&p, 8, ID "b");
	ATF_CHECK_EQ(0, queue_passed_take(&p, &bucket, id));
	queue_passed_hurry(&p);
	queue_passed_put(&p, 9, ID "c");
	ATF_CHECK_EQ(1, queue_passed_take(&p, &bucket, id));
	ATF_CHECK_EQ(7, bucket);
	ATF_CHECK_STREQ(ID "a", id);
	ATF_CHECK_EQ(1, queue_passed_take(&p, &bucket, id));
	ATF_CHECK_EQ(0, queue_passed_take(&p, &bucket, id));
	queue_passed_hurry(&p);
	ATF_CHECK_EQ(1, queue_passed_take(&p, &bucket, id));
	ATF_CHECK_STREQ(ID "c", id);
}

ATF_TC_WITHOUT_HEAD(the_oldest_are_forgotten);
ATF_TC_BODY(the_oldest_are_forgotten, tc)
{
	static struct queue_passed p;
	char id[QUEUEID_LEN + 1];
	int64_t bucket, n = 0;

	for (int i = 1; i <= QUEUE_PASSED_MAX; ++i)
		queue_passed_put(&p, i, ID "a");
	queue_passed_hurry(&p);
	for (int i = 1; i <= 5; ++i)
		queue_passed_put(&p, QUEUE_PASSED_MAX + i, ID "a");
	while (queue_passed_take(&p, &bucket, id))
		ATF_CHECK_EQ(++n + 5, bucket);
	ATF_CHECK_EQ(QUEUE_PASSED_MAX - 5, n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, only_those_that_were_there_are_due);
	ATF_TP_ADD_TC(tp, the_oldest_are_forgotten);
	return atf_no_error();
}
