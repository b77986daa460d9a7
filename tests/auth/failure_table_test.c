#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>
#include <atf-c/utils.h>

#include "auth/failure_table.h"

#define APART ((uint64_t)1 << 32) /* names so far apart fall together */

static struct failure_table
opened(void)
{
	struct failure_table table;

	ATF_REQUIRE_EQ(0, failure_table_open(&table));
	return table;
}

ATF_TC_WITHOUT_HEAD(what_is_put_is_there);
ATF_TC_BODY(what_is_put_is_there, tc)
{
	struct failure_table table = opened(), again;

	ATF_CHECK_EQ(0, failure_table_get(&table, 0, 7));
	ATF_CHECK_EQ(0, failure_table_put(&table, 0, 7, 60));
	ATF_CHECK_EQ(60, failure_table_get(&table, 0, 7));
	ATF_CHECK_EQ(0, failure_table_get(&table, 1, 7));
	again = opened();
	ATF_CHECK_EQ(60, failure_table_get(&again, 0, 7));
	ATF_CHECK_EQ(table.seed[0], again.seed[0]);
	ATF_CHECK_EQ(table.seed[1], again.seed[1]);
}

ATF_TC_WITHOUT_HEAD(the_least_goes);
ATF_TC_BODY(the_least_goes, tc)
{
	struct failure_table table = opened();
	uint64_t i;

	for (i = 1; i < FAILURE_TABLE_PLACES; i++)
		failure_table_put(&table, 0, 7 + i * APART, 60);
	for (i = 100; i < 200; i++)
		failure_table_put(&table, 0, 7 + i * APART, 1);
	for (i = 1; i < FAILURE_TABLE_PLACES; i++)
		ATF_CHECK_EQ(60, failure_table_get(&table, 0, 7 + i * APART));
	ATF_CHECK_EQ(1, failure_table_get(&table, 0, 7 + 199 * APART));
	ATF_CHECK_EQ(0, failure_table_get(&table, 0, 7 + 198 * APART));
}

ATF_TC_WITHOUT_HEAD(each_file_has_a_secret_of_its_own);
ATF_TC_BODY(each_file_has_a_secret_of_its_own, tc)
{
	struct failure_table first = opened(), second;

	ATF_REQUIRE_EQ(0, unlink(FAILURE_TABLE));
	second = opened();
	ATF_CHECK(first.seed[0] != second.seed[0]);
	ATF_CHECK(first.seed[1] != second.seed[1]);
	ATF_CHECK(failure_table_name(&first, 0, "joe") !=
		  failure_table_name(&second, 0, "joe"));
	ATF_CHECK(
	    failure_table_name(&first, 0, "joe") != failure_table_name(&first, 1, "joe"));
}

/* What came before had no secret; anything else is none of ours. */
ATF_TC_WITHOUT_HEAD(another_file_is_made_anew);
ATF_TC_BODY(another_file_is_made_anew, tc)
{
	struct failure_table table;
	struct stat st;

	ATF_REQUIRE_EQ(0, mkdir("state", 0755));
	ATF_REQUIRE_EQ(0, mkdir("state/auth", 0700));
	atf_utils_create_file(FAILURE_TABLE, "%0500d", 1);
	table = opened();
	ATF_REQUIRE_EQ(0, stat(FAILURE_TABLE, &st));
	ATF_CHECK_EQ(64, st.st_size);
	ATF_CHECK_EQ(0, failure_table_put(&table, 0, 7, 3));
	table = opened();
	ATF_CHECK_EQ(3, failure_table_get(&table, 0, 7));
}

ATF_TC_WITHOUT_HEAD(locks_are_counted);
ATF_TC_BODY(locks_are_counted, tc)
{
	struct failure_table a = opened(), b = opened(), c = opened();

	ATF_CHECK_EQ(1, failure_table_take(&a, 0, 7, 2));
	ATF_CHECK_EQ(1, failure_table_take(&b, 0, 7, 2));
	ATF_CHECK_EQ(0, failure_table_take(&c, 0, 7, 2));
	ATF_CHECK_EQ(1, failure_table_take(&c, 0, 9, 2));
	ATF_CHECK_EQ(1, failure_table_take(&c, 1, 7, 2));
	close(a.fd);
	ATF_CHECK_EQ(1, failure_table_take(&c, 0, 7, 2));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_put_is_there);
	ATF_TP_ADD_TC(tp, the_least_goes);
	ATF_TP_ADD_TC(tp, each_file_has_a_secret_of_its_own);
	ATF_TP_ADD_TC(tp, another_file_is_made_anew);
	ATF_TP_ADD_TC(tp, locks_are_counted);
	return atf_no_error();
}
