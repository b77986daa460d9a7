#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "queue/queue_job.h"
#include "queue/queue_line.h"

#define MANY 200

static struct queue_lines l;
static struct queue_party destinations[MANY], users[MANY];
static int closed[MANY]; /* destinations to which nothing may go */

static int
may(void *context, struct queue_party *destination)
{
	(void)context;
	return !closed[destination - destinations];
}

static struct queue_job *
put(int destination, int user)
{
	struct queue_job *job = queue_job_make(NULL, NULL, NULL);

	queue_line_put(&l, &destinations[destination], &users[user], job);
	return job;
}

/* How many jobs are taken until this one is. */
static int
turns_until(const struct queue_job *job)
{
	for (int n = 1;; ++n) {
		struct queue_job *next = queue_line_next(&l, may, NULL);

		ATF_REQUIRE(next != NULL);
		if (next == job)
			return n;
	}
}

ATF_TC_WITHOUT_HEAD(one_user_does_not_hold_up_another_at_the_same_destination);
ATF_TC_BODY(one_user_does_not_hold_up_another_at_the_same_destination, tc)
{
	for (int i = 0; i < 1000; ++i)
		put(0, 0);
	ATF_CHECK(turns_until(put(0, 1)) <= 2);
}

ATF_TC_WITHOUT_HEAD(one_destination_does_not_hold_up_another_of_the_same_user);
ATF_TC_BODY(one_destination_does_not_hold_up_another_of_the_same_user, tc)
{
	for (int i = 0; i < 1000; ++i)
		put(0, 0);
	ATF_CHECK(turns_until(put(1, 0)) <= 2);
}

ATF_TC_WITHOUT_HEAD(one_user_of_many_destinations_does_not_hold_up_another);
ATF_TC_BODY(one_user_of_many_destinations_does_not_hold_up_another, tc)
{
	for (int i = 0; i < MANY; ++i)
		put(i, 0);
	ATF_CHECK(turns_until(put(5, 1)) <= 3);
}

ATF_TC_WITHOUT_HEAD(many_users_of_one_destination_do_not_hold_up_another);
ATF_TC_BODY(many_users_of_one_destination_do_not_hold_up_another, tc)
{
	for (int i = 0; i < MANY; ++i)
		put(0, i);
	ATF_CHECK(turns_until(put(1, 5)) <= 3);
}

ATF_TC_WITHOUT_HEAD(a_line_keeps_its_order);
ATF_TC_BODY(a_line_keeps_its_order, tc)
{
	struct queue_job *first = put(0, 0), *second = put(0, 0);

	ATF_CHECK(queue_line_next(&l, may, NULL) == first);
	queue_line_return(&l, &destinations[0], &users[0], first);
	ATF_CHECK(queue_line_next(&l, may, NULL) == first);
	ATF_CHECK(queue_line_next(&l, may, NULL) == second);
	queue_line_return(&l, &destinations[0], &users[0], second);
	ATF_CHECK(queue_line_shift(&l, destinations[0].turn) == second);
	ATF_CHECK(destinations[0].turn == NULL);
	ATF_CHECK(users[0].turn == NULL);
	ATF_CHECK(queue_line_next(&l, may, NULL) == NULL);
}

ATF_TC_WITHOUT_HEAD(who_may_not_go_is_passed_over);
ATF_TC_BODY(who_may_not_go_is_passed_over, tc)
{
	struct queue_job *job;

	closed[0] = 1;
	put(0, 0);
	put(0, 1);
	ATF_CHECK(queue_line_next(&l, may, NULL) == NULL);
	job = put(1, 0);
	ATF_CHECK(queue_line_next(&l, may, NULL) == job);
	ATF_CHECK(queue_line_next(&l, may, NULL) == NULL);
	closed[0] = 0;
	ATF_CHECK(queue_line_next(&l, may, NULL) != NULL);
	ATF_CHECK(queue_line_next(&l, may, NULL) != NULL);
	ATF_CHECK(queue_line_next(&l, may, NULL) == NULL);
}

/* Whatever is put and taken, each job comes once, and the rings are left empty. */
ATF_TC_WITHOUT_HEAD(nothing_is_lost_and_nothing_comes_twice);
ATF_TC_BODY(nothing_is_lost_and_nothing_comes_twice, tc)
{
	static const struct queue_job *seen[20000];
	size_t in = 0, out = 0;
	struct queue_job *job;

	srandom(1);
	for (int i = 0; i < 20000; ++i) {
		if (random() % 5 < 3) {
			job = put(random() % 7, random() % 9);
			job->rest = in++;
		}
		for (int k = 0; k < 7; ++k)
			closed[k] = random() % 3 == 0;
		if (random() % 2 && (job = queue_line_next(&l, may, NULL))) {
			ATF_REQUIRE(seen[job->rest] == NULL);
			seen[job->rest] = job;
			++out;
		}
	}
	memset(closed, 0, sizeof closed);
	while ((job = queue_line_next(&l, may, NULL))) {
		ATF_REQUIRE(seen[job->rest] == NULL);
		seen[job->rest] = job;
		++out;
	}
	ATF_CHECK_EQ(in, out);
	for (int i = 0; i < QUEUE_LINE_SLOTS; ++i)
		ATF_CHECK(l.slots[i] == NULL);
	ATF_CHECK(l.ring[QUEUE_BY_DESTINATION] == NULL && l.ring[QUEUE_BY_USER] == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, one_user_does_not_hold_up_another_at_the_same_destination);
	ATF_TP_ADD_TC(tp, one_destination_does_not_hold_up_another_of_the_same_user);
	ATF_TP_ADD_TC(tp, one_user_of_many_destinations_does_not_hold_up_another);
	ATF_TP_ADD_TC(tp, many_users_of_one_destination_do_not_hold_up_another);
	ATF_TP_ADD_TC(tp, a_line_keeps_its_order);
	ATF_TP_ADD_TC(tp, who_may_not_go_is_passed_over);
	ATF_TP_ADD_TC(tp, nothing_is_lost_and_nothing_comes_twice);
	return atf_no_error();
}
