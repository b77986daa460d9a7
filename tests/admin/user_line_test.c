#include <string.h>

#include <atf-c.h>

#include "admin/user_line.h"

static struct user_line line;

static const char *
mailbox(const char *s)
{
	return user_line_mailbox(&line, s, strlen(s));
}

static const char *
alias(const char *s)
{
	return user_line_alias(&line, s, strlen(s));
}

static const char *
password(const char *s)
{
	return user_line_password(&line, s, strlen(s));
}

ATF_TC_WITHOUT_HEAD(mailbox_has_address_owner_and_quota);
ATF_TC_BODY(mailbox_has_address_owner_and_quota, tc)
{
	ATF_REQUIRE(!mailbox("Bob@Example.TEST:1000:1001:77"));
	ATF_CHECK_EQ(16, line.key.len);
	ATF_CHECK(memcmp(line.key.s, "bob@example.test", 16) == 0);
	ATF_CHECK_EQ(1000, line.uid);
	ATF_CHECK_EQ(1001, line.gid);
	ATF_CHECK(line.has_quota);
	ATF_CHECK_EQ(77, line.quota);
	ATF_REQUIRE(!mailbox("bob@example.test:1000:1001:"));
	ATF_CHECK(!line.has_quota);
}

ATF_TC_WITHOUT_HEAD(colon_in_quotes_belongs_to_the_address);
ATF_TC_BODY(colon_in_quotes_belongs_to_the_address, tc)
{
	ATF_REQUIRE(!mailbox("\"a:b\\\"c\"@x.test:1:2:3"));
	ATF_CHECK_EQ(1, line.uid);
	ATF_REQUIRE(!alias("\"a,b: c\"@x.test: \"d,e\"@x.test, f@[IPv6:::1]"));
	ATF_CHECK_EQ(
	    strlen("\"d,e\"@x.test") + 1 + strlen("f@[IPv6:::1]") + 1, line.targets.len);
}

ATF_TC_WITHOUT_HEAD(malformed_mailboxes_are_told_what_is_wrong);
ATF_TC_BODY(malformed_mailboxes_are_told_what_is_wrong, tc)
{
	static const struct {
		const char *s;
		const char *wrong;
	} cases[] = {
	    {"bob@x.test", "form"},
	    {"bob@x.test:1:2", "form"},
	    {"bob@x.test:1:2:3:4", "quota"},
	    {"bob@x.test:one:2:", "uid"},
	    {"bob@x.test:4294967295:2:", "uid"},
	    {"bob@x.test:-1:2:", "uid"},
	    {"bob@x.test:1::", "gid"},
	    {"bob@x.test:0:0:", "root"},
	    {"bob@x.test:1:1:9223372036854775808", "quota"},
	    {":1:1:", "missing"},
	    {"bob:1:1:", "no domain"},
	    {"bob@:1:1:", "malformed"},
	    {"bo b@x.test:1:1:", "malformed"},
	    {"@x.test:1:1:", "malformed"},
	    {"\"../x\"@x.test:1:1:", "folder"},
	    {"\"a/b\"@x.test:1:1:", "folder"},
	    {"a/b@x.test:1:1:", "folder"},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *wrong = mailbox(cases[i].s);

		ATF_CHECK_MSG(wrong && strstr(wrong, cases[i].wrong), "%s: %s",
		    cases[i].s, wrong ? wrong : "accepted");
	}
}

ATF_TC_WITHOUT_HEAD(alias_has_targets_as_they_were_written);
ATF_TC_BODY(alias_has_targets_as_they_were_written, tc)
{
	ATF_REQUIRE(!alias("Info@X.test: Bob@x.test ,\teve@y.test"));
	ATF_CHECK_EQ(22, line.targets.len);
	ATF_CHECK(memcmp(line.targets.s, "Bob@x.test\0eve@y.test\0", 22) == 0);
	ATF_REQUIRE(!alias("@X.Test:bob@x.test"));
	ATF_CHECK_EQ(7, line.key.len);
	ATF_CHECK(memcmp(line.key.s, "@x.test", 7) == 0);
}

ATF_TC_WITHOUT_HEAD(malformed_aliases_are_told_what_is_wrong);
ATF_TC_BODY(malformed_aliases_are_told_what_is_wrong, tc)
{
	ATF_CHECK(strstr(alias("a@x.test"), "form"));
	ATF_CHECK(strstr(alias("a@x.test:"), "empty"));
	ATF_CHECK(strstr(alias("a@x.test: b@x.test,"), "empty"));
	ATF_CHECK(strstr(alias("a@x.test: bob"), "not an address"));
	ATF_CHECK(strstr(alias("a@x.test: b@x.test c@x.test"), "not an address"));
	ATF_CHECK(strstr(alias("@: b@x.test"), "catch-all"));
	ATF_CHECK(strstr(alias(": b@x.test"), "missing"));
}

ATF_TC_WITHOUT_HEAD(password_has_one_hash);
ATF_TC_BODY(password_has_one_hash, tc)
{
	ATF_REQUIRE(!password("Bob@x.test:$y$j9T$a/b.c"));
	ATF_CHECK_STREQ("$y$j9T$a/b.c", line.hash.s);
	ATF_CHECK(strstr(password("bob@x.test:"), "missing"));
	ATF_CHECK(strstr(password("bob@x.test"), "form"));
	ATF_CHECK_EQ(0, line.keys.len);
	ATF_CHECK(strstr(password("bob@x.test::b"), "missing"));
	ATF_CHECK(strstr(password("bob@x.test:a:b"), "no keys"));
	ATF_CHECK(strstr(password("bob@x.test:a:"), "no keys"));
	ATF_CHECK(strstr(password("bob@x.test:a b"), "malformed"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, mailbox_has_address_owner_and_quota);
	ATF_TP_ADD_TC(tp, colon_in_quotes_belongs_to_the_address);
	ATF_TP_ADD_TC(tp, malformed_mailboxes_are_told_what_is_wrong);
	ATF_TP_ADD_TC(tp, alias_has_targets_as_they_were_written);
	ATF_TP_ADD_TC(tp, malformed_aliases_are_told_what_is_wrong);
	ATF_TP_ADD_TC(tp, password_has_one_hash);
	return atf_no_error();
}
