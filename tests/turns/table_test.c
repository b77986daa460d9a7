#include <atf-c.h>

#include "turns/table.h"

#define MANY 5000

static struct table t;

static struct kept {
	struct table_entry entry;
	int seen;
} kept[MANY];

ATF_TC_WITHOUT_HEAD(all_are_found_however_many);
ATF_TC_BODY(all_are_found_however_many, tc)
{
	ATF_CHECK(table_find(&t, 0) == NULL);
	for (uint64_t i = 0; i < MANY; ++i)
		table_put(&t, &kept[i].entry, i * 64);
	ATF_CHECK_EQ(MANY, t.count);
	ATF_CHECK(t.room <= 2 * MANY);
	for (uint64_t i = 0; i < MANY; ++i)
		ATF_CHECK(table_find(&t, i * 64) == &kept[i].entry);
	ATF_CHECK(table_find(&t, 1) == NULL);
	for (int i = 0; i < MANY; i += 2)
		table_remove(&t, &kept[i].entry);
	for (uint64_t i = 0; i < MANY; ++i)
		ATF_CHECK_EQ(i % 2, table_find(&t, i * 64) != NULL);
}

ATF_TC_WITHOUT_HEAD(several_have_the_same_key);
ATF_TC_BODY(several_have_the_same_key, tc)
{
	struct table_entry *first, *second;

	table_put(&t, &kept[0].entry, 7);
	table_put(&t, &kept[1].entry, 7 + 64);
	table_put(&t, &kept[2].entry, 7);
	first = table_find(&t, 7);
	second = table_find_next(first);
	ATF_CHECK(first != second);
	ATF_CHECK(second == &kept[0].entry || second == &kept[2].entry);
	ATF_CHECK(table_find_next(second) == NULL);
}

ATF_TC_WITHOUT_HEAD(a_walk_meets_each_once_and_may_take_it_out);
ATF_TC_BODY(a_walk_meets_each_once_and_may_take_it_out, tc)
{
	struct table_entry *e, *next;

	ATF_CHECK(table_next(&t, NULL) == NULL);
	for (uint64_t i = 0; i < MANY; ++i)
		table_put(&t, &kept[i].entry, i / 3 * 0x123456789);
	for (e = table_next(&t, NULL); e != NULL; e = next) {
		next = table_next(&t, e);
		++((struct kept *)e)->seen;
		table_remove(&t, e);
	}
	ATF_CHECK_EQ(0, t.count);
	for (int i = 0; i < MANY; ++i)
		ATF_CHECK_EQ(1, kept[i].seen);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_are_found_however_many);
	ATF_TP_ADD_TC(tp, several_have_the_same_key);
	ATF_TP_ADD_TC(tp, a_walk_meets_each_once_and_may_take_it_out);
	return atf_no_error();
}
