#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <atf-c.h>

#include "lib/queueid.h"

ATF_TC_WITHOUT_HEAD(ids_are_unique_and_sort_by_time);
ATF_TC_BODY(ids_are_unique_and_sort_by_time, tc)
{
	char last[QUEUEID_LEN + 1], id[QUEUEID_LEN + 1];
	int i;

	ATF_REQUIRE_EQ(0, queueid_make(last));
	for (i = 0; i < 1000; i++) {
		ATF_REQUIRE_EQ(0, queueid_make(id));
		ATF_REQUIRE(queueid_is(id));
		ATF_CHECK(strcmp(last, id) != 0);
		ATF_CHECK(strncmp(last, id, 11) <= 0);
		ATF_CHECK(strcmp(last + 11, id + 11) != 0);
		strcpy(last, id);
	}
}

ATF_TC_WITHOUT_HEAD(the_time_is_in_the_id);
ATF_TC_BODY(the_time_is_in_the_id, tc)
{
	char id[QUEUEID_LEN + 1];
	int64_t before = (int64_t)time(NULL) * 1000000;

	ATF_REQUIRE_EQ(0, queueid_make(id));
	ATF_CHECK(queueid_time(id) >= before);
	ATF_CHECK(queueid_time(id) <= before + 60 * 1000000);
	ATF_CHECK_EQ(36, queueid_time("000000000100000000000000"));
}

ATF_TC_WITHOUT_HEAD(what_is_no_id_is_told);
ATF_TC_BODY(what_is_no_id_is_told, tc)
{
	static const char *const bad[] = {"", "a", "0123456789abcdefghijklm",
	    "0123456789abcdefghijklmno", "0123456789ABCDEFGHIJKLMN",
	    "0123456789abcdefghijkl/n", "../../../../../etc/passw",
	    "0123456789abcdefghijkl\xc3n", "0123456789abcdefghijkl\nn"};
	size_t i;

	ATF_CHECK(queueid_is("0123456789abcdefghijklmn"));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(!queueid_is(bad[i]), "%s", bad[i]);
}

ATF_TC_WITHOUT_HEAD(the_environment_may_give_one);
ATF_TC_BODY(the_environment_may_give_one, tc)
{
	char id[QUEUEID_LEN + 1];

	setenv("QUEUEID", "0123456789abcdefghijklmn", 1);
	ATF_REQUIRE_EQ(0, queueid_take(id));
	ATF_CHECK_STREQ("0123456789abcdefghijklmn", id);
	setenv("QUEUEID", "../0123456789abcdefghijk", 1);
	ATF_REQUIRE_EQ(0, queueid_take(id));
	ATF_CHECK(queueid_is(id));
	unsetenv("QUEUEID");
	ATF_REQUIRE_EQ(0, queueid_take(id));
	ATF_CHECK(queueid_is(id));
}

ATF_TC_WITHOUT_HEAD(a_derived_one_depends_on_both_and_on_nothing_else);
ATF_TC_BODY(a_derived_one_depends_on_both_and_on_nothing_else, tc)
{
	static const char id[] = "0123456789abcdefghijklmn";
	char one[QUEUEID_LEN + 1], two[QUEUEID_LEN + 1];

	queueid_derive(one, id, "a@example.test");
	queueid_derive(two, id, "a@example.test");
	ATF_CHECK(queueid_is(one));
	ATF_CHECK_STREQ(one, two);
	ATF_CHECK_EQ(queueid_time(id), queueid_time(one));
	queueid_derive(two, id, "b@example.test");
	ATF_CHECK(strcmp(one, two) != 0);
	queueid_derive(two, "0123456789abcdefghijklm0", "a@example.test");
	ATF_CHECK(strcmp(one, two) != 0);
	ATF_CHECK(strcmp(one, id) != 0);
}

ATF_TC_WITHOUT_HEAD(hashes_differ_with_every_byte_and_with_the_seed);
ATF_TC_BODY(hashes_differ_with_every_byte_and_with_the_seed, tc)
{
	ATF_CHECK(queueid_hash("abc", 0) == queueid_hash("abc", 0));
	ATF_CHECK(queueid_hash("abc", 0) != queueid_hash("abd", 0));
	ATF_CHECK(queueid_hash("abc", 0) != queueid_hash("bbc", 0));
	ATF_CHECK(queueid_hash("abc", 0) != queueid_hash("ab", 0));
	ATF_CHECK(queueid_hash("abc", 0) != queueid_hash("abc", 1));
	/* names in maildirs carry only 32 bits of it */
	ATF_CHECK((uint32_t)queueid_hash("a@b", 0) != (uint32_t)queueid_hash("b@b", 0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ids_are_unique_and_sort_by_time);
	ATF_TP_ADD_TC(tp, the_time_is_in_the_id);
	ATF_TP_ADD_TC(tp, what_is_no_id_is_told);
	ATF_TP_ADD_TC(tp, the_environment_may_give_one);
	ATF_TP_ADD_TC(tp, a_derived_one_depends_on_both_and_on_nothing_else);
	ATF_TP_ADD_TC(tp, hashes_differ_with_every_byte_and_with_the_seed);
	return atf_no_error();
}
