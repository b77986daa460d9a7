#include <string.h>

#include <atf-c.h>

#include "queue/queue_destination.h"

static struct queue_destinations t;

static struct queue_job *
put(const char *domain)
{
	struct queue_destination *d = queue_destination_get(&t, QUEUE_REMOTE, domain);
	struct queue_job *job = queue_job_make(NULL, d);

	queue_destination_put(&t, job, 0);
	return job;
}

static const char *
next(size_t most)
{
	struct queue_job *job = queue_destination_next(&t, QUEUE_REMOTE, most, 0);

	return job ? job->destination->domain : "";
}

ATF_TC_WITHOUT_HEAD(lines_are_served_in_turn);
ATF_TC_BODY(lines_are_served_in_turn, tc)
{
	put("a");
	put("a");
	put("a");
	put("b");
	put("c");
	put("c");
	ATF_CHECK_STREQ("a", next(9));
	ATF_CHECK_STREQ("b", next(9));
	ATF_CHECK_STREQ("c", next(9));
	ATF_CHECK_STREQ("a", next(9));
	ATF_CHECK_STREQ("c", next(9));
	ATF_CHECK_STREQ("a", next(9));
	ATF_CHECK_STREQ("", next(9));
}

ATF_TC_WITHOUT_HEAD(a_line_keeps_its_order);
ATF_TC_BODY(a_line_keeps_its_order, tc)
{
	struct queue_job *first = put("a"), *second = put("a");

	ATF_CHECK(queue_destination_next(&t, QUEUE_REMOTE, 9, 0) == first);
	queue_destination_return(&t, first);
	ATF_CHECK_EQ(0, first->destination->running);
	ATF_CHECK(queue_destination_next(&t, QUEUE_REMOTE, 9, 0) == first);
	ATF_CHECK(queue_destination_next(&t, QUEUE_REMOTE, 9, 0) == second);
	queue_destination_return(&t, second);
	ATF_CHECK(queue_destination_shift(&t, second->destination) == second);
	ATF_CHECK(queue_destination_shift(&t, second->destination) == NULL);
}

ATF_TC_WITHOUT_HEAD(one_destination_gets_its_share_only);
ATF_TC_BODY(one_destination_gets_its_share_only, tc)
{
	put("a");
	put("a");
	put("a");
	put("b");
	ATF_CHECK_STREQ("a", next(2));
	ATF_CHECK_STREQ("b", next(2));
	ATF_CHECK_STREQ("a", next(2));
	ATF_CHECK_STREQ("", next(2));
	--queue_destination_get(&t, QUEUE_REMOTE, "a")->running;
	ATF_CHECK_STREQ("a", next(2));
}

ATF_TC_WITHOUT_HEAD(channels_are_apart);
ATF_TC_BODY(channels_are_apart, tc)
{
	put("a");
	ATF_CHECK(queue_destination_next(&t, QUEUE_LOCAL, 9, 0) == NULL);
	ATF_CHECK(queue_destination_get(&t, QUEUE_LOCAL, "a") !=
		  queue_destination_get(&t, QUEUE_REMOTE, "a"));
}

ATF_TC_WITHOUT_HEAD(a_dead_destination_rests_longer_each_time);
ATF_TC_BODY(a_dead_destination_rests_longer_each_time, tc)
{
	struct queue_destination *d = queue_destination_get(&t, QUEUE_REMOTE, "a");

	queue_destination_failed(d, 1000, 9999, "no answer");
	queue_destination_failed(d, 1001, 9999, "no answer either");
	ATF_CHECK_EQ(1060, d->down_until);
	ATF_CHECK_STREQ("no answer either", d->reason.s);
	queue_destination_failed(d, 2000, 9999, "no answer");
	ATF_CHECK_EQ(2120, d->down_until);
	for (int i = 0; i < 20; ++i)
		queue_destination_failed(d, 100000 * i + 100000, 9999, "no answer");
	ATF_CHECK_EQ(2000000 + 3840, d->down_until);
	/* it is remembered without a line, and tried by one */
	queue_destination_release(&t, d, 2000000);
	ATF_CHECK(queue_destination_get(&t, QUEUE_REMOTE, "a") == d);
	put("a");
	put("a");
	ATF_CHECK_STREQ("a", next(9));
	ATF_CHECK_STREQ("", next(9));
	queue_destination_reached(d);
	ATF_CHECK_STREQ("a", next(9));
}

ATF_TC_WITHOUT_HEAD(a_dead_destination_rests_no_longer_than_the_schedule_says);
ATF_TC_BODY(a_dead_destination_rests_no_longer_than_the_schedule_says, tc)
{
	struct queue_destination *d = queue_destination_get(&t, QUEUE_REMOTE, "a");

	queue_destination_failed(d, 1000, 3, "no answer");
	ATF_CHECK_EQ(1003, d->down_until);
	queue_destination_failed(d, 1003, 5, "no answer");
	ATF_CHECK_EQ(1008, d->down_until);
}

ATF_TC_WITHOUT_HEAD(what_is_remembered_is_bounded);
ATF_TC_BODY(what_is_remembered_is_bounded, tc)
{
	char domain[] = "aaaa";

	for (int i = 0; i < 30000; ++i) {
		struct queue_destination *d;

		for (int k = 0, n = i; k < 4; ++k, n /= 26)
			domain[k] = 'a' + n % 26;
		d = queue_destination_get(&t, QUEUE_REMOTE, domain);
		queue_destination_failed(d, 1000, 9999, "no");
		queue_destination_release(&t, d, 1000);
	}
	ATF_CHECK(t.count <= 10001);
}

ATF_TC_WITHOUT_HEAD(a_destination_without_work_or_fault_is_forgotten);
ATF_TC_BODY(a_destination_without_work_or_fault_is_forgotten, tc)
{
	struct queue_job *job = put("a");

	queue_destination_next(&t, QUEUE_REMOTE, 1, 0);
	queue_destination_release(&t, job->destination, 0);
	ATF_CHECK_EQ(1, t.count);
	--job->destination->running;
	queue_destination_release(&t, job->destination, 0);
	ATF_CHECK_EQ(0, t.count);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_are_served_in_turn);
	ATF_TP_ADD_TC(tp, a_line_keeps_its_order);
	ATF_TP_ADD_TC(tp, one_destination_gets_its_share_only);
	ATF_TP_ADD_TC(tp, channels_are_apart);
	ATF_TP_ADD_TC(tp, a_dead_destination_rests_longer_each_time);
	ATF_TP_ADD_TC(tp, a_dead_destination_rests_no_longer_than_the_schedule_says);
	ATF_TP_ADD_TC(tp, what_is_remembered_is_bounded);
	ATF_TP_ADD_TC(tp, a_destination_without_work_or_fault_is_forgotten);
	return atf_no_error();
}
