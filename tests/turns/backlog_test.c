#include <string.h>

#include <atf-c.h>

#include "turns/backlog.h"

static struct backlog b;

/* The n-th message, for a destination and of a user. */
static struct backlog_waiter
make(unsigned n, uint64_t destination, uint64_t user)
{
	struct backlog_waiter w = {.key = {destination, user}};

	memset(w.id, 'a', QUEUEID_LEN);
	for (size_t i = 0; i < 8; ++i, n /= 10)
		w.id[i] = '0' + n % 10;
	return w;
}

static void
put(unsigned n, uint64_t destination, uint64_t user)
{
	struct backlog_waiter w = make(n, destination, user);

	backlog_put(&b, &w, 0);
}

static uint64_t closed; /* destination for which there is no room */

static int
may(void *context, const struct backlog_waiter *w)
{
	(void)context;
	return w->key[FLOW_BY_DESTINATION] != closed;
}

static int
take(struct backlog_waiter *w)
{
	return backlog_take(&b, may, NULL, w);
}

/* How many are taken until the n-th message is. */
static int
turns_until(unsigned n)
{
	struct backlog_waiter wanted = make(n, 0, 0), w;

	for (int i = 1;; ++i) {
		ATF_REQUIRE(take(&w));
		if (strcmp(w.id, wanted.id) == 0)
			return i;
	}
}

ATF_TC_WITHOUT_HEAD(they_are_taken_in_their_order);
ATF_TC_BODY(they_are_taken_in_their_order, tc)
{
	struct backlog_waiter w, front = make(1000, 1, 1);

	for (unsigned n = 0; n < 1000; ++n)
		put(n, 1, 1);
	backlog_put(&b, &front, 1);
	ATF_CHECK_EQ(1, turns_until(1000));
	for (unsigned n = 0; n < 1000; ++n)
		ATF_CHECK_EQ(1, turns_until(n));
	ATF_CHECK_EQ(0, take(&w));
	ATF_CHECK_EQ(0, b.flows.lines.count + b.ids.count);
}

ATF_TC_WITHOUT_HEAD(nobody_waits_for_all_messages_of_another);
ATF_TC_BODY(nobody_waits_for_all_messages_of_another, tc)
{
	for (unsigned n = 0; n < 5000; ++n)
		put(n, 1, 1);
	put(5000, 1, 2); /* the same destination, another user */
	ATF_CHECK(turns_until(5000) <= 4);
	put(5001, 2, 1); /* the same user, another destination */
	ATF_CHECK(turns_until(5001) <= 4);
	/* many destinations of a user, and many users at a destination */
	for (unsigned n = 0; n < 500; ++n) {
		put(6000 + n, 10 + n, 1);
		put(7000 + n, 1, 10 + n);
	}
	put(8000, 600, 600);
	ATF_CHECK(turns_until(8000) < 1100);
}

ATF_TC_WITHOUT_HEAD(who_has_no_room_is_passed_over);
ATF_TC_BODY(who_has_no_room_is_passed_over, tc)
{
	struct backlog_waiter w;

	closed = 1;
	for (unsigned n = 0; n < 100; ++n)
		put(n, 1, 1);
	ATF_CHECK_EQ(0, take(&w));
	put(100, 2, 1); /* behind the others of its user, but not of its destination */
	ATF_CHECK_EQ(1, turns_until(100));
	ATF_CHECK_EQ(0, take(&w));
	closed = 0;
	ATF_CHECK_EQ(1, turns_until(0));
}

ATF_TC_WITHOUT_HEAD(each_is_there_once);
ATF_TC_BODY(each_is_there_once, tc)
{
	struct backlog_waiter w = make(1, 1, 1);

	ATF_CHECK(backlog_find(&b, w.id) == NULL);
	put(1, 1, 1);
	put(1, 1, 1);
	put(1, 2, 2);
	ATF_CHECK_EQ(1, b.ids.count);
	ATF_CHECK(backlog_find(&b, w.id) != NULL);
	ATF_CHECK(backlog_is_behind(&b, w.key));
	ATF_CHECK_EQ(1, take(&w));
	ATF_CHECK(backlog_find(&b, w.id) == NULL);
	ATF_CHECK(!backlog_is_behind(&b, w.key));
}

ATF_TC_WITHOUT_HEAD(it_is_bounded_and_has_always_room_for_who_has_little);
ATF_TC_BODY(it_is_bounded_and_has_always_room_for_who_has_little, tc)
{
	for (unsigned n = 0; n < BACKLOG_MAX + 10; ++n)
		put(n, 1, 1);
	ATF_CHECK_EQ(BACKLOG_MAX, b.ids.count);
	ATF_CHECK_EQ(1, b.lost);
	put(BACKLOG_MAX + 10, 2, 2);
	ATF_CHECK_EQ(BACKLOG_MAX, b.ids.count);
	ATF_CHECK(turns_until(BACKLOG_MAX + 10) <= 4);
	ATF_CHECK(b.ids.room <= 2 * BACKLOG_MAX);
	ATF_CHECK(sizeof(struct backlog_waiter) + sizeof(struct flow) <= 180);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, they_are_taken_in_their_order);
	ATF_TP_ADD_TC(tp, nobody_waits_for_all_messages_of_another);
	ATF_TP_ADD_TC(tp, who_has_no_room_is_passed_over);
	ATF_TP_ADD_TC(tp, each_is_there_once);
	ATF_TP_ADD_TC(tp, it_is_bounded_and_has_always_room_for_who_has_little);
	return atf_no_error();
}
