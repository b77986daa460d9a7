#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "spf/spf_record.h"

/* How many terms the record has; -1 when it is malformed. */
static int
count(const char *record)
{
	struct spf_record_term term;
	size_t at = 0, len = strlen(record);
	char *copy = malloc(len + 1); /* the sanitizer sees what is read beyond it */
	int n = 0, r;

	memcpy(copy, record, len + 1);
	while ((r = spf_record_next(copy, len, &at, &term)) == 1)
		n++;
	free(copy);
	return r == 0 ? n : -1;
}

ATF_TC_WITHOUT_HEAD(a_record_begins_with_its_version);
ATF_TC_BODY(a_record_begins_with_its_version, tc)
{
	ATF_CHECK(spf_record_is("v=spf1", 6));
	ATF_CHECK(spf_record_is("V=SPF1 -all", 11));
	ATF_CHECK(!spf_record_is("v=spf10", 7));
	ATF_CHECK(!spf_record_is("v=spf1\t-all", 11));
	ATF_CHECK(!spf_record_is("v=spf", 5));
	ATF_CHECK(!spf_record_is(" v=spf1 -all", 12));
}

ATF_TC_WITHOUT_HEAD(terms_are_taken_apart);
ATF_TC_BODY(terms_are_taken_apart, tc)
{
	static const char record[] = "v=spf1  mx:a.test/24//64 ~Include:%{d1}.b.test "
				     "ip4:192.0.2.0/0 -IP6:2001:db8::1 moo= ?all ";
	struct spf_record_term t;
	size_t at = 0, len = sizeof(record) - 1;

	ATF_REQUIRE_EQ(1, spf_record_next(record, len, &at, &t));
	ATF_CHECK_EQ(SPF_RECORD_MX, t.kind);
	ATF_CHECK(t.qualifier == '+' && t.bits4 == 24 && t.bits6 == 64);
	ATF_CHECK(t.spec_len == 6 && memcmp(t.spec, "a.test", 6) == 0);
	ATF_CHECK(t.text_len == 16 && memcmp(t.text, "mx:a.test/24//64", 16) == 0);
	ATF_REQUIRE_EQ(1, spf_record_next(record, len, &at, &t));
	ATF_CHECK(t.kind == SPF_RECORD_INCLUDE && t.qualifier == '~');
	ATF_CHECK_EQ(12, t.spec_len);
	ATF_REQUIRE_EQ(1, spf_record_next(record, len, &at, &t));
	ATF_CHECK(t.kind == SPF_RECORD_IP4 && t.bits4 == 0 && t.ip[11] == 0xff);
	ATF_REQUIRE_EQ(1, spf_record_next(record, len, &at, &t));
	ATF_CHECK(t.kind == SPF_RECORD_IP6 && t.qualifier == '-' && t.bits6 == 128);
	ATF_REQUIRE_EQ(1, spf_record_next(record, len, &at, &t));
	ATF_CHECK(t.kind == SPF_RECORD_OTHER && t.spec_len == 0);
	ATF_REQUIRE_EQ(1, spf_record_next(record, len, &at, &t));
	ATF_CHECK(t.kind == SPF_RECORD_ALL && t.qualifier == '?');
	ATF_CHECK_EQ(0, spf_record_next(record, len, &at, &t));
}

ATF_TC_WITHOUT_HEAD(what_is_malformed_is_seen);
ATF_TC_BODY(what_is_malformed_is_seen, tc)
{
	static const char *const good[] = {"v=spf1", "v=spf1 a/0//0",
	    "v=spf1 a//128 mx/32", "v=spf1 ptr ptr:a.test", "v=spf1 exists:%{i}.a.test",
	    "v=spf1 redirect=a.test exp=%{d}", "v=spf1 x-y_z.1=%{d}/a", NULL};
	static const char *const bad[] = {"v=spf1 -", "v=spf1 ++all",
	    "v=spf1 all:", "v=spf1 all/8", "v=spf1 alll", "v=spf1 a:", "v=spf1 a:/8",
	    "v=spf1 a/33", "v=spf1 a/08", "v=spf1 a/", "v=spf1 a//129", "v=spf1 a///8",
	    "v=spf1 a/8/8", "v=spf1 mx:%%(", "v=spf1 ptr/8", "v=spf1 include",
	    "v=spf1 include:", "v=spf1 exists", "v=spf1 exists:a.test/8", "v=spf1 ip4",
	    "v=spf1 ip4:", "v=spf1 ip4:1.2.3", "v=spf1 ip4:1.2.3.4/",
	    "v=spf1 ip4:1.2.3.4/33", "v=spf1 ip4:1.2.3.4//8", "v=spf1 ip4:::1",
	    "v=spf1 ip6:1.2.3.4", "v=spf1 ip6:::1/129",
	    "v=spf1 redirect=", "v=spf1 redirect=a", "v=spf1 exp=%{c}", "v=spf1 =a",
	    "v=spf1 moo=%(", "v=spf1 -exp=a.test", "v=spf1 a\tmx", "v=spf1 a:\x80.test",
	    "v=spf1 1a=b", NULL};
	size_t i;

	for (i = 0; good[i] != NULL; i++)
		ATF_CHECK_MSG(count(good[i]) >= 0, "%s", good[i]);
	for (i = 0; bad[i] != NULL; i++)
		ATF_CHECK_EQ_MSG(-1, count(bad[i]), "%s", bad[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_record_begins_with_its_version);
	ATF_TP_ADD_TC(tp, terms_are_taken_apart);
	ATF_TP_ADD_TC(tp, what_is_malformed_is_seen);
	return atf_no_error();
}
