#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "policy/relay_lease.h"

#define MIB 1048576ull
#define BOX "bob@here.test"
#define NOW 5000 /* of the clock, at which all begins */

static int
take(const char *box, unsigned long long size, int64_t now)
{
	return relay_lease_take(box, strlen(box), size, now);
}

static void
put(const char *box, unsigned long long room, unsigned long long size, int64_t now)
{
	relay_lease_put(box, strlen(box), room, size, now, relay_lease_era());
}

/* Bytes that are granted, a message of so many at a time, until it is to be asked. */
static unsigned long long
take_all(const char *box, unsigned long long size, int64_t now)
{
	unsigned long long sum = 0;

	while (take(box, size, now)) {
		sum += size;
		ATF_REQUIRE(sum < 1000 * MIB);
	}
	return sum;
}

ATF_TC_WITHOUT_HEAD(one_process_of_many_has_none);
ATF_TC_BODY(one_process_of_many_has_none, tc)
{
	put(BOX, 100 * MIB, 1, NOW);
	ATF_CHECK(!take(BOX, 1, NOW));
}

ATF_TC_WITHOUT_HEAD(it_lasts_a_second_from_the_question);
ATF_TC_BODY(it_lasts_a_second_from_the_question, tc)
{
	ATF_REQUIRE_EQ(0, relay_lease_begin());
	ATF_CHECK(!take(BOX, 1, NOW));
	put(BOX, 100 * MIB, 1, NOW);
	ATF_CHECK(take(BOX, 1, NOW));
	ATF_CHECK(take(BOX, 1, NOW + 999));
	ATF_CHECK(!take("tom@here.test", 1, NOW));
	ATF_CHECK(!take("bob@here.tes", 1, NOW));
	/* another answer within it makes it no longer */
	put(BOX, 100 * MIB, 1, NOW + 500);
	ATF_CHECK(take(BOX, 1, NOW + 999));
	ATF_CHECK(!take(BOX, 1, NOW + 1000));
	put(BOX, 100 * MIB, 1, NOW + 1000);
	ATF_CHECK(take(BOX, 1, NOW + 1999));
	ATF_CHECK(!take(BOX, 1, NOW + 2000));
}

ATF_TC_WITHOUT_HEAD(no_more_is_granted_than_there_was_room_for);
ATF_TC_BODY(no_more_is_granted_than_there_was_room_for, tc)
{
	static const unsigned long long sizes[] = {1, 100, 65536, MIB, 3 * MIB + 1};
	unsigned long long granted;
	size_t i;

	ATF_REQUIRE_EQ(0, relay_lease_begin());
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		int64_t now = NOW + (int64_t)i * 2000;
		unsigned long long size = sizes[i];

		put(BOX, 10 * MIB, size, now);
		granted = size + take_all(BOX, size, now);
		ATF_CHECK_MSG(granted <= 9 * MIB, "%llu: %llu", size, granted);
		/* no room is left unused but the margin, and what the fields may take */
		ATF_CHECK_MSG(granted + granted / size * RELAY_LEASE_HEAD + size >=
				  9 * MIB - RELAY_LEASE_HEAD,
		    "%llu: %llu", size, granted);
		/* what was granted is on its way: an answer does not know of it */
		put(BOX, 10 * MIB, size, now + 1);
		granted += size;
		granted += take_all(BOX, size, now + 1);
		ATF_CHECK_MSG(granted <= 9 * MIB + size, "%llu: %llu", size, granted);
		ATF_CHECK(!take(BOX, 0, now + 1) || granted < 9 * MIB);
	}
}

ATF_TC_WITHOUT_HEAD(where_there_is_little_room_each_is_asked);
ATF_TC_BODY(where_there_is_little_room_each_is_asked, tc)
{
	ATF_REQUIRE_EQ(0, relay_lease_begin());
	put(BOX, RELAY_LEASE_MARGIN + RELAY_LEASE_HEAD + 4, 5, NOW);
	ATF_CHECK(!take(BOX, 0, NOW));
	put("tom@here.test", RELAY_LEASE_MARGIN + RELAY_LEASE_HEAD + 5, 5, NOW);
	ATF_CHECK(!take("tom@here.test", 1, NOW));
	ATF_CHECK(take("tom@here.test", 0, NOW));
	ATF_CHECK(!take("tom@here.test", 0, NOW));
	/* of any size, whatever it has been told */
	put("max@here.test", ~0ull, ~0ull, NOW);
	ATF_CHECK(!take("max@here.test", 1, NOW));
	put("max@here.test", ~0ull, 1, NOW + 1000);
	ATF_CHECK(!take("max@here.test", ~0ull, NOW + 1000));
	ATF_CHECK(take("max@here.test", ~0ull - 2 * MIB, NOW + 1000));
	ATF_CHECK(!take("max@here.test", 2 * MIB, NOW + 1000));
}

ATF_TC_WITHOUT_HEAD(what_it_rests_on_is_looked_at);
ATF_TC_BODY(what_it_rests_on_is_looked_at, tc)
{
	unsigned long era;

	ATF_REQUIRE_EQ(0, relay_lease_begin());
	ATF_REQUIRE_EQ(0, mkdir("control", 0755));
	relay_lease_look(1);
	put(BOX, 100 * MIB, 1, NOW);
	relay_lease_look(1);
	ATF_CHECK(take(BOX, 1, NOW));
	/* another table of users */
	era = relay_lease_era();
	relay_lease_look(2);
	ATF_CHECK(!take(BOX, 1, NOW));
	/* an answer to a question of before it says nothing */
	relay_lease_put(BOX, strlen(BOX), 100 * MIB, 1, NOW, era);
	ATF_CHECK(!take(BOX, 1, NOW));
	put(BOX, 100 * MIB, 1, NOW);
	ATF_CHECK(take(BOX, 1, NOW));
	/* the common quota: there, changed, and gone */
	atf_utils_create_file("control/quota", "%s", "1000\n");
	relay_lease_look(2);
	ATF_CHECK(!take(BOX, 1, NOW));
	put(BOX, 100 * MIB, 1, NOW);
	relay_lease_look(2);
	ATF_CHECK(take(BOX, 1, NOW));
	atf_utils_create_file("control/quota.new", "%s", "2000\n");
	ATF_REQUIRE_EQ(0, rename("control/quota.new", "control/quota"));
	relay_lease_look(2);
	ATF_CHECK(!take(BOX, 1, NOW));
	put(BOX, 100 * MIB, 1, NOW);
	ATF_REQUIRE_EQ(0, unlink("control/quota"));
	relay_lease_look(2);
	ATF_CHECK(!take(BOX, 1, NOW));
	/* what can't be seen may change unseen */
	put(BOX, 100 * MIB, 1, NOW);
	ATF_REQUIRE(rmdir("control") == 0);
	atf_utils_create_file("control", "%s", "");
	relay_lease_look(2);
	ATF_CHECK(!take(BOX, 1, NOW));
	put(BOX, 100 * MIB, 1, NOW);
	relay_lease_look(2);
	ATF_CHECK(!take(BOX, 1, NOW));
}

ATF_TC_WITHOUT_HEAD(the_table_is_full_and_does_not_grow);
ATF_TC_BODY(the_table_is_full_and_does_not_grow, tc)
{
	char name[RELAY_LEASE_NAME_MAX + 2], box[32];
	size_t i, known = 0, n = 4 * RELAY_LEASE_SLOTS;

	ATF_REQUIRE_EQ(0, relay_lease_begin());
	for (i = 0; i < n; i++) {
		sprintf(box, "box%zu@here.test", i);
		put(box, 100 * MIB, 1, NOW);
		/* the newest always has a place */
		ATF_REQUIRE(take(box, 1, NOW));
	}
	for (i = 0; i < n; i++) {
		sprintf(box, "box%zu@here.test", i);
		known += (size_t)take(box, 1, NOW);
	}
	ATF_CHECK_MSG(known <= RELAY_LEASE_SLOTS, "%zu", known);
	ATF_CHECK_MSG(known > RELAY_LEASE_SLOTS / 2, "%zu", known);
	/* nor does a place */
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	put(name, 100 * MIB, 1, NOW);
	ATF_CHECK(!take(name, 1, NOW));
	name[sizeof(name) - 2] = '\0';
	put(name, 100 * MIB, 1, NOW);
	ATF_CHECK(take(name, 1, NOW));
	put("", 100 * MIB, 1, NOW);
	ATF_CHECK(!take("", 1, NOW));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, one_process_of_many_has_none);
	ATF_TP_ADD_TC(tp, it_lasts_a_second_from_the_question);
	ATF_TP_ADD_TC(tp, no_more_is_granted_than_there_was_room_for);
	ATF_TP_ADD_TC(tp, where_there_is_little_room_each_is_asked);
	ATF_TP_ADD_TC(tp, what_it_rests_on_is_looked_at);
	ATF_TP_ADD_TC(tp, the_table_is_full_and_does_not_grow);
	return atf_no_error();
}
