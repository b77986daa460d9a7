#include <string.h>

#include <atf-c.h>

#include "fetch/message_name.h"

static const char *
id_at(char *name, int64_t microseconds)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	int i;

	for (i = 10; i >= 0; i--, microseconds /= 36)
		name[i] = digits[microseconds % 36];
	strcpy(name + 11, "abcdefghijklm");
	return name;
}

/* A name of ours: SECONDS.IDrHASH.HOST and rest. */
static const char *
ours(const char *seconds, const char *rest)
{
	static char name[256];
	char id[QUEUEID_LEN + 1];

	stpcpy(stpcpy(stpcpy(stpcpy(stpcpy(name, seconds), "."),
			  id_at(id, 1763900000000123)),
		   "r0123abcd.mx.example.test"),
	    rest);
	return name;
}

ATF_TC_WITHOUT_HEAD(the_id_is_found_in_our_names_only);
ATF_TC_BODY(the_id_is_found_in_our_names_only, tc)
{
	char id[QUEUEID_LEN + 1], expected[QUEUEID_LEN + 1];

	ATF_CHECK(message_name_id(ours("1763900000", ",S=1,W=1:2,S"), id));
	ATF_CHECK_STREQ(id_at(expected, 1763900000000123), id);
	ATF_CHECK(!message_name_id("1763900000.M1P2.host", id));
	ATF_CHECK(!message_name_id("1763900000", id));
	ATF_CHECK(!message_name_id("", id));
	ATF_CHECK(!message_name_id(".", id));
	ATF_CHECK(!message_name_id("1763900000.ABCDEFGHIJKLMNOPQRSTUVWX", id));
}

ATF_TC_WITHOUT_HEAD(sizes_are_believed_in_our_names_only);
ATF_TC_BODY(sizes_are_believed_in_our_names_only, tc)
{
	static const struct {
		const char *seconds;
		const char *rest;
		int ours;
	} cases[] = {
	    {"1763900000", ",S=100,W=104", 1},
	    {"1763900000", ",S=100,W=104:2,RS", 1},
	    {"1763900000", ",S=100,W=100", 1},
	    {"1763900000", ",S=0,W=0", 1},
	    {"1763900000", ",S=1,W=3", 1},
	    {"1763900000", ",S=100,W=202", 1},
	    {"1763900000", ",S=100,W=204", 0},   /* more line ends than bytes */
	    {"1763900000", ",S=100,W=99", 0},    /* less than there is */
	    {"1763900000", ",S=100", 0},         /* no W */
	    {"1763900000", ",W=100", 0},         /* no S */
	    {"1763900000", ",S=100,W=", 0},      /* no number */
	    {"1763900000", ",S=100,W=104x", 0},  /* no number */
	    {"1763900000", ":2,S=100,W=104", 0}, /* flags */
	    {"1763900001", ",S=100,W=104", 0},   /* not the time of the ID */
	    {"17639000000000000000000", ",S=100,W=104", 0},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ATF_CHECK_EQ_MSG(cases[i].ours,
		    message_name_ours(ours(cases[i].seconds, cases[i].rest)), "%s%s",
		    cases[i].seconds, cases[i].rest);
	ATF_CHECK(!message_name_ours("1763900000.M1P2.host,S=100,W=104"));
	ATF_CHECK(!message_name_ours("1763900000.abc"));
	ATF_CHECK(!message_name_ours(""));
}

static const char *
uid_of(const char *name, int whole)
{
	static char uid[2][MESSAGE_UID_MAX + 1];
	static int i;

	i = !i;
	message_name_uid(uid[i], name, whole);
	return uid[i];
}

ATF_TC_WITHOUT_HEAD(a_uid_stays_when_flags_and_sizes_of_our_names_change);
ATF_TC_BODY(a_uid_stays_when_flags_and_sizes_of_our_names_change, tc)
{
	char before[MESSAGE_UID_MAX + 1];

	strcpy(before, uid_of(ours("1763900000", ",S=1,W=2"), 0));
	ATF_CHECK_EQ(33, strlen(before));
	ATF_CHECK_STREQ(before, uid_of(ours("1763900000", ",S=1,W=2:2,S"), 0));
	ATF_CHECK_STREQ(before, uid_of(ours("1763900000", ",S=1,W=3:2,FRS"), 0));
}

ATF_TC_WITHOUT_HEAD(a_uid_of_others_is_their_name_without_flags);
ATF_TC_BODY(a_uid_of_others_is_their_name_without_flags, tc)
{
	ATF_CHECK_STREQ("1.M1P2.host,S=1", uid_of("1.M1P2.host,S=1:2,S", 0));
	ATF_CHECK_STREQ("!~", uid_of("!~", 0));
}

ATF_TC_WITHOUT_HEAD(a_uid_that_would_not_be_allowed_is_hashed);
ATF_TC_BODY(a_uid_that_would_not_be_allowed_is_hashed, tc)
{
	static const char *const odd[] = {"a b", "a\tb", "\xc3\xa9", "a\177", ":2,S", "",
	    "12345678901234567890123456789012345678901234567890123456789012345678901"};
	char long_name[256];
	size_t i, j;

	for (i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		const char *uid = uid_of(odd[i], 0);

		ATF_CHECK_EQ_MSG(32, strlen(uid), "%s", odd[i]);
		ATF_CHECK_EQ(32, strspn(uid, "0123456789abcdef"));
		for (j = 0; j + 2 < i; j++)
			ATF_CHECK(strcmp(uid_of(odd[i], 0), uid_of(odd[j], 0)) != 0);
	}
	/* 70 bytes are allowed */
	memset(long_name, 'x', 70);
	strcpy(long_name + 70, ":2,");
	ATF_CHECK_EQ(70, strlen(uid_of(long_name, 0)));
	memset(long_name, 'x', 255);
	long_name[255] = '\0';
	ATF_CHECK_EQ(32, strlen(uid_of(long_name, 0)));
}

ATF_TC_WITHOUT_HEAD(a_whole_uid_tells_names_apart_that_a_short_one_does_not);
ATF_TC_BODY(a_whole_uid_tells_names_apart_that_a_short_one_does_not, tc)
{
	char first[MESSAGE_UID_MAX + 1], second[MESSAGE_UID_MAX + 1];

	message_name_uid(first, ours("1763900000", ",S=1,W=2"), 1);
	message_name_uid(second, ours("1763900000", ",S=1,W=3"), 1);
	ATF_CHECK(strcmp(first, second) != 0);
	message_name_uid(second, ours("1763900000", ",S=1,W=2:2,S"), 1);
	ATF_CHECK_STREQ(first, second);
}

ATF_TC_WITHOUT_HEAD(names_are_ordered_by_time_then_by_what_is_stable);
ATF_TC_BODY(names_are_ordered_by_time_then_by_what_is_stable, tc)
{
	static const char *const sorted[] = {"", "abc", "9.a", "10.a", "10.a,S=1",
	    "10.ab", "10.b", "999999999.z", "1000000000.a"};
	size_t i, j;

	for (i = 0; i < sizeof(sorted) / sizeof(*sorted); i++)
		for (j = 0; j < sizeof(sorted) / sizeof(*sorted); j++) {
			int r = message_name_compare(sorted[i], sorted[j]);

			ATF_CHECK_EQ_MSG((i > j) - (i < j), (r > 0) - (r < 0), "%s %s",
			    sorted[i], sorted[j]);
		}
	ATF_CHECK_EQ(0, message_name_compare("1.a:2,S", "1.a"));
	ATF_CHECK_EQ(0, message_name_compare("1.a:2,S", "1.a:2,R"));
	ATF_CHECK(message_name_compare("1.a:2,S", "1.a+b") < 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_id_is_found_in_our_names_only);
	ATF_TP_ADD_TC(tp, sizes_are_believed_in_our_names_only);
	ATF_TP_ADD_TC(tp, a_uid_stays_when_flags_and_sizes_of_our_names_change);
	ATF_TP_ADD_TC(tp, a_uid_of_others_is_their_name_without_flags);
	ATF_TP_ADD_TC(tp, a_uid_that_would_not_be_allowed_is_hashed);
	ATF_TP_ADD_TC(tp, a_whole_uid_tells_names_apart_that_a_short_one_does_not);
	ATF_TP_ADD_TC(tp, names_are_ordered_by_time_then_by_what_is_stable);
	return atf_no_error();
}
