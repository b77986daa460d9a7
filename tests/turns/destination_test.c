#include <string.h>

#include <atf-c.h>

#include "turns/judge.h"

static struct destination_table t;

static struct task *
put(const char *domain)
{
	static struct submitter user;
	struct destination *d = destination_get(&t, ROUTE_REMOTE, domain, "");
	struct task *job = task_make(NULL, d, &user);

	destination_put(&t, job);
	return job;
}

static struct task *
take(enum route_channel channel, size_t most)
{
	static struct pace_rates rates;
	int64_t until;

	return destination_next(&t, channel, most, &rates, 0, &until);
}

static const char *
next(size_t most)
{
	struct task *job = take(ROUTE_REMOTE, most);

	return job != NULL ? job->destination->domain : "";
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
	destination_get(&t, ROUTE_REMOTE, "a", "")->window.size = 9;
	ATF_CHECK_STREQ("a", next(9));
	ATF_CHECK_STREQ("b", next(9));
	ATF_CHECK_STREQ("c", next(9));
	ATF_CHECK_STREQ("a", next(9));
	ATF_CHECK_STREQ("c", next(9));
	ATF_CHECK_STREQ("a", next(9));
	ATF_CHECK_STREQ("", next(9));
}

ATF_TC_WITHOUT_HEAD(a_destination_may_go_on_before_its_turn);
ATF_TC_BODY(a_destination_may_go_on_before_its_turn, tc)
{
	static struct pace_rates rates;
	struct destination *a = destination_get(&t, ROUTE_REMOTE, "a", "");
	struct task *first = put("a"), *second = put("a"), *job;

	put("b");
	a->window.size = 9;
	ATF_CHECK_EQ(first, take(ROUTE_REMOTE, 9));
	ATF_CHECK_EQ(NULL, destination_more(&t, a, 1, &rates, 0));
	job = destination_more(&t, a, 9, &rates, 0);
	ATF_REQUIRE_EQ(second, job);
	ATF_CHECK_EQ(2, a->running);
	destination_return(&t, job);
	ATF_CHECK_EQ(1, a->running);
	ATF_CHECK_EQ(second, destination_more(&t, a, 9, &rates, 0));
	ATF_CHECK_EQ(NULL, destination_more(&t, a, 9, &rates, 0));
	ATF_CHECK_STREQ("b", next(9));
}

ATF_TC_WITHOUT_HEAD(a_line_keeps_its_order);
ATF_TC_BODY(a_line_keeps_its_order, tc)
{
	struct task *first = put("a"), *second = put("a");

	ATF_CHECK(take(ROUTE_REMOTE, 9) == first);
	destination_return(&t, first);
	ATF_CHECK_EQ(0, first->destination->running);
	ATF_CHECK(take(ROUTE_REMOTE, 9) == first);
	ATF_CHECK(take(ROUTE_REMOTE, 9) == second);
	destination_return(&t, second);
	ATF_CHECK(destination_shift(&t, second->destination) == second);
	ATF_CHECK(destination_shift(&t, second->destination) == NULL);
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
	--destination_get(&t, ROUTE_REMOTE, "a", "")->running;
	ATF_CHECK_STREQ("a", next(2));
}

ATF_TC_WITHOUT_HEAD(channels_are_apart);
ATF_TC_BODY(channels_are_apart, tc)
{
	put("a");
	ATF_CHECK(take(ROUTE_LOCAL, 9) == NULL);
	ATF_CHECK(destination_get(&t, ROUTE_LOCAL, "a", "") !=
		  destination_get(&t, ROUTE_REMOTE, "a", ""));
}

ATF_TC_WITHOUT_HEAD(senders_with_a_way_of_their_own_are_apart);
ATF_TC_BODY(senders_with_a_way_of_their_own_are_apart, tc)
{
	struct destination *d = destination_get(&t, ROUTE_REMOTE, "a", "smart.test");
	struct destination *other = destination_get(&t, ROUTE_REMOTE, "a", "");

	ATF_CHECK(d != other);
	ATF_CHECK(destination_get(&t, ROUTE_REMOTE, "a", "smart.test") == d);
	ATF_CHECK(destination_get(&t, ROUTE_REMOTE, "b", "smart.test") != d);
	ATF_CHECK_STREQ("a", d->domain);
	ATF_CHECK_STREQ("smart.test", d->way);
	destination_failed(d, 1000, 3600);
	ATF_CHECK_EQ(0, other->down_until);
	ATF_CHECK(
	    destination_find(&t, destination_key(ROUTE_REMOTE, "a", "smart.test")) == d);
}

ATF_TC_WITHOUT_HEAD(a_dead_destination_rests_longer_each_time);
ATF_TC_BODY(a_dead_destination_rests_longer_each_time, tc)
{
	struct destination *d = destination_get(&t, ROUTE_REMOTE, "a", "");

	destination_failed(d, 1000, 9999);
	destination_failed(d, 1001, 9999);
	ATF_CHECK_EQ(61000, d->down_until);
	destination_failed(d, 70000, 9999);
	ATF_CHECK_EQ(190000, d->down_until);
	for (int i = 0; i < 20; ++i)
		destination_failed(d, 10000000 * i + 10000000, 9999);
	ATF_CHECK_EQ(200000000 + 3840000, d->down_until);
	/* it is remembered without a line, and tried by one */
	destination_release(&t, d, 200000000);
	ATF_CHECK(destination_get(&t, ROUTE_REMOTE, "a", "") == d);
	put("a");
	put("a");
	ATF_CHECK_STREQ("a", next(9));
	ATF_CHECK_STREQ("", next(9));
	destination_reached(d);
	ATF_CHECK_STREQ("a", next(9));
}

ATF_TC_WITHOUT_HEAD(a_dead_destination_rests_no_longer_than_the_schedule_says);
ATF_TC_BODY(a_dead_destination_rests_no_longer_than_the_schedule_says, tc)
{
	struct destination *d = destination_get(&t, ROUTE_REMOTE, "a", "");

	destination_failed(d, 1000, 3);
	ATF_CHECK_EQ(4000, d->down_until);
	destination_failed(d, 4000, 5);
	ATF_CHECK_EQ(9000, d->down_until);
}

/* The next job of "a" ends with this answer. */
static void
answer(char letter, const char *status, const char *text)
{
	struct task *job = take(ROUTE_REMOTE, 9);
	struct outcome o = {0};

	ATF_REQUIRE(job != NULL);
	outcome_set(&o, letter, status, text, (char *)NULL);
	judge_answer(job, 300, &o);
	outcome_free(&o);
	judge_conclude(job, 1000, 9);
	--job->destination->running;
	task_free(job);
}

ATF_TC_WITHOUT_HEAD(who_cannot_be_reached_is_down_at_once);
ATF_TC_BODY(who_cannot_be_reached_is_down_at_once, tc)
{
	struct destination *d = put("a")->destination;

	answer('Z', "4.4.1", "unable to connect to mx.a port 25: Connection refused");
	ATF_CHECK_EQ(61000, d->down_until);
	ATF_CHECK_STREQ(
	    "unable to connect to mx.a port 25: Connection refused", d->reason.s);
	put("a");
	answer('K', "2.0.0", "mx.a[192.0.2.1] said: 250 ok");
	ATF_CHECK_EQ(0, d->down_until);
}

ATF_TC_WITHOUT_HEAD(who_is_in_trouble_three_times_is_down);
ATF_TC_BODY(who_is_in_trouble_three_times_is_down, tc)
{
	struct destination *d = put("a")->destination;

	put("a");
	put("a");
	answer('Z', "4.4.2", "mx.a[192.0.2.1]: connection lost at DATA");
	answer('Z', "4.0.0", "mx.a[192.0.2.1] said: 421 come back later");
	ATF_CHECK_EQ(0, d->down_until);
	ATF_CHECK_EQ(1, window_size(&d->window, 9));
	answer('Z', "4.3.2", "mx.a[192.0.2.1] said: 450 4.3.2 busy");
	ATF_CHECK_EQ(61000, d->down_until);
}

ATF_TC_WITHOUT_HEAD(who_ended_a_session_before_tells_nothing_of_the_server);
ATF_TC_BODY(who_ended_a_session_before_tells_nothing_of_the_server, tc)
{
	struct destination *d = destination_get(&t, ROUTE_REMOTE, "a", "");

	for (int i = 0; i < 9; ++i) {
		put("a")->is_apart = 1;
		answer('Z', "4.7.0", "mx.a[192.0.2.1] said: 421 4.7.0 too many");
		put("a");
		answer('Z', "4.7.0",
		    "session ended at another recipient: mx.a[192.0.2.1] said: 421");
	}
	ATF_CHECK_EQ(0, d->down_until);
	ATF_CHECK_EQ(0, d->troubles);
}

ATF_TC_WITHOUT_HEAD(a_refused_recipient_is_not_held_against_the_server);
ATF_TC_BODY(a_refused_recipient_is_not_held_against_the_server, tc)
{
	struct destination *d = put("a")->destination;

	for (int i = 0; i < 9; ++i) {
		put("a");
		answer('Z', "4.2.0", "mx.a[192.0.2.1] said: 450 4.2.0 greylisted");
	}
	ATF_CHECK_EQ(0, d->down_until);
	ATF_CHECK(window_size(&d->window, 9) >= 2);
}

ATF_TC_WITHOUT_HEAD(what_is_remembered_is_bounded);
ATF_TC_BODY(what_is_remembered_is_bounded, tc)
{
	char domain[] = "aaaa";

	for (int i = 0; i < 30000; ++i) {
		struct destination *d;

		for (int k = 0, n = i; k < 4; ++k, n /= 26)
			domain[k] = 'a' + n % 26;
		d = destination_get(&t, ROUTE_REMOTE, domain, "");
		destination_failed(d, 1000, 9999);
		destination_release(&t, d, 1000);
	}
	ATF_CHECK(t.all.count <= 10001);
}

ATF_TC_WITHOUT_HEAD(a_destination_without_work_or_fault_is_forgotten);
ATF_TC_BODY(a_destination_without_work_or_fault_is_forgotten, tc)
{
	struct task *job = put("a");

	take(ROUTE_REMOTE, 1);
	destination_release(&t, job->destination, 0);
	ATF_CHECK_EQ(1, t.all.count);
	--job->destination->running;
	destination_release(&t, job->destination, 0);
	ATF_CHECK_EQ(0, t.all.count);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_are_served_in_turn);
	ATF_TP_ADD_TC(tp, a_destination_may_go_on_before_its_turn);
	ATF_TP_ADD_TC(tp, a_line_keeps_its_order);
	ATF_TP_ADD_TC(tp, one_destination_gets_its_share_only);
	ATF_TP_ADD_TC(tp, channels_are_apart);
	ATF_TP_ADD_TC(tp, senders_with_a_way_of_their_own_are_apart);
	ATF_TP_ADD_TC(tp, a_dead_destination_rests_longer_each_time);
	ATF_TP_ADD_TC(tp, a_dead_destination_rests_no_longer_than_the_schedule_says);
	ATF_TP_ADD_TC(tp, who_cannot_be_reached_is_down_at_once);
	ATF_TP_ADD_TC(tp, who_is_in_trouble_three_times_is_down);
	ATF_TP_ADD_TC(tp, who_ended_a_session_before_tells_nothing_of_the_server);
	ATF_TP_ADD_TC(tp, a_refused_recipient_is_not_held_against_the_server);
	ATF_TP_ADD_TC(tp, what_is_remembered_is_bounded);
	ATF_TP_ADD_TC(tp, a_destination_without_work_or_fault_is_forgotten);
	return atf_no_error();
}
