#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "turns/flow.h"
#include "turns/task.h"

#define MANY 200

static struct flow_room l;
static struct flow_party destinations[MANY], users[MANY];
static int closed[MANY]; /* destinations to which nothing may go */

static int
may(void *context, const struct flow *line)
{
	(void)context;
	return !closed[line->party[FLOW_BY_DESTINATION] - destinations];
}

static struct task *
next(void)
{
	struct ring *node = flow_next(&l, 0, may, NULL);

	return node != NULL ? RING_OF(node, struct task, ring) : NULL;
}

static struct task *
put(int destination, int user)
{
	struct task *job = task_make(NULL, NULL, NULL);

	flow_put(&l, &destinations[destination], &users[user], &job->ring);
	return job;
}

/* How many jobs are taken until this one is. */
static int
turns_until(const struct task *job)
{
	for (int n = 1;; ++n) {
		struct task *taken = next();

		ATF_REQUIRE(taken != NULL);
		if (taken == job)
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
	struct task *first = put(0, 0), *second = put(0, 0);

	ATF_CHECK(next() == first);
	flow_return(&l, &destinations[0], &users[0], &first->ring);
	ATF_CHECK(next() == first);
	ATF_CHECK(next() == second);
	flow_return(&l, &destinations[0], &users[0], &second->ring);
	ATF_CHECK(flow_shift(&l, flow_line(destinations[0].turn, FLOW_BY_DESTINATION)) ==
		  &second->ring);
	ATF_CHECK(destinations[0].turn == NULL);
	ATF_CHECK(users[0].turn == NULL);
	ATF_CHECK(next() == NULL);
}

ATF_TC_WITHOUT_HEAD(who_may_not_go_is_passed_over);
ATF_TC_BODY(who_may_not_go_is_passed_over, tc)
{
	struct task *job;

	closed[0] = 1;
	put(0, 0);
	put(0, 1);
	ATF_CHECK(next() == NULL);
	job = put(1, 0);
	ATF_CHECK(next() == job);
	ATF_CHECK(next() == NULL);
	closed[0] = 0;
	ATF_CHECK(next() != NULL);
	ATF_CHECK(next() != NULL);
	ATF_CHECK(next() == NULL);
}

/* Whatever is put and taken, each job comes once, and the rings are left empty. */
ATF_TC_WITHOUT_HEAD(nothing_is_lost_and_nothing_comes_twice);
ATF_TC_BODY(nothing_is_lost_and_nothing_comes_twice, tc)
{
	static const struct task *seen[20000];
	size_t in = 0, out = 0;
	struct task *job;

	srandom(1);
	for (int i = 0; i < 20000; ++i) {
		if (random() % 5 < 3) {
			job = put(random() % 7, random() % 9);
			job->rest = in++;
		}
		for (int k = 0; k < 7; ++k)
			closed[k] = random() % 3 == 0;
		if (random() % 2 && (job = next()) != NULL) {
			ATF_REQUIRE(seen[job->rest] == NULL);
			seen[job->rest] = job;
			++out;
		}
	}
	memset(closed, 0, sizeof closed);
	while ((job = next()) != NULL) {
		ATF_REQUIRE(seen[job->rest] == NULL);
		seen[job->rest] = job;
		++out;
	}
	ATF_CHECK_EQ(in, out);
	ATF_CHECK_EQ(0, l.lines.count);
	ATF_CHECK(l.turn[FLOW_BY_DESTINATION] == NULL && l.turn[FLOW_BY_USER] == NULL);
	ATF_CHECK_EQ(0, destinations[0].count + users[0].count);
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
