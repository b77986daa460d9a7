#include <string.h>

#include <atf-c.h>

#include "lib/address.h"

ATF_TC_WITHOUT_HEAD(mailboxes_follow_the_grammar);
ATF_TC_BODY(mailboxes_follow_the_grammar, tc)
{
	static const char *const good[] = {"a@b", "a.b+c=d@example.org",
	    "\"a b\"@example.org", "\"a\\\"@b\"@example.org", "x@[192.0.2.1]",
	    "x@[IPv6:2001:db8::1]", "!a%b@x.org", "p\xc3\xa8re@example.org",
	    "a@b\xc3\xbc"
	    "cher.example",
	    "\"\"@x.org", "a@b_c", "a@_x.y_", "a@xn--zz.org"};
	static const char *const bad[] = {"", "a", "@b", "a@", "a@b.", "a..b@c", ".a@c",
	    "a.@c", "a b@c", "a@b c", "a@-b", "a@b-", "a@b..c", "a@[1.2.3]",
	    "a@[IPv6:1.2.3.4]", "a@[::1]", "a\"b@c", "\"a@c", "\"a\"b\"@c", "\"a\\\"@c",
	    "a\r\n@b", "a@b\n", "<a@b>", "a\xff@b", "a\xc0\x80@b", "a\xed\xa0\x80@b",
	    "a,b@c"};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ATF_CHECK_MSG(
		    address_is_mailbox(good[i], strlen(good[i])), "%s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(!address_is_mailbox(bad[i], strlen(bad[i])), "%s", bad[i]);
}

ATF_TC_WITHOUT_HEAD(our_own_names_have_no_underscore);
ATF_TC_BODY(our_own_names_have_no_underscore, tc)
{
	ATF_CHECK(address_is_host("b-c.org", 7));
	ATF_CHECK(!address_is_host("b_c.org", 7));
	ATF_CHECK(!address_is_host("b..org", 6));
}

ATF_TC_WITHOUT_HEAD(dots_may_stand_anywhere_where_they_are_looked_for);
ATF_TC_BODY(dots_may_stand_anywhere_where_they_are_looked_for, tc)
{
	char s[253];

	ATF_CHECK(address_is_dotted("a..b", 4));
	ATF_CHECK(address_is_dotted("a.", 2));
	ATF_CHECK(address_is_dotted(".a", 2));
	ATF_CHECK(!address_is_dotted("a.b", 3));
	ATF_CHECK(!address_is_dotted("", 0));
	ATF_CHECK(!address_is_dotted("a.. b", 5));
	ATF_CHECK(!address_is_dotted("\"a\"..b", 6));
	memset(s, '.', sizeof s);
	ATF_CHECK(address_is_dotted(s, 252));
	ATF_CHECK(!address_is_dotted(s, 253));
}

ATF_TC_WITHOUT_HEAD(lengths_are_limited);
ATF_TC_BODY(lengths_are_limited, tc)
{
	char s[400];

	memset(s, 'a', sizeof(s));
	ATF_CHECK(address_is_local(s, 252));
	ATF_CHECK(!address_is_local(s, 253));
	ATF_CHECK(address_is_domain(s, 63));
	ATF_CHECK(!address_is_domain(s, 64));
	s[63] = s[127] = s[191] = '.';
	ATF_CHECK(address_is_domain(s, 255));
	ATF_CHECK(!address_is_domain(s, 256));
}

ATF_TC_WITHOUT_HEAD(equal_mailboxes_have_equal_keys);
ATF_TC_BODY(equal_mailboxes_have_equal_keys, tc)
{
	static const char *const cases[][2] = {{"User@Example.ORG", "user@example.org"},
	    {"\"u\\ser\"@x.org", "user@x.org"}, {"\"a@b\"@c", "a@b@c"}, {"user", "user"},
	    {"user@x.org.", "user@x.org"}, {"@x", "@x"}, {"", ""}};
	stralloc key = {0};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		address_key(&key, cases[i][0], strlen(cases[i][0]));
		ATF_CHECK_STREQ(cases[i][1], key.s);
	}
}

ATF_TC_WITHOUT_HEAD(folders_cannot_leave_their_place);
ATF_TC_BODY(folders_cannot_leave_their_place, tc)
{
	ATF_CHECK(address_is_folder("user", 4));
	ATF_CHECK(address_is_folder("a b", 3));
	ATF_CHECK(!address_is_folder("", 0));
	ATF_CHECK(!address_is_folder("..", 2));
	ATF_CHECK(!address_is_folder(".hidden", 7));
	ATF_CHECK(!address_is_folder("a/b", 3));
	ATF_CHECK(!address_is_folder("a\nb", 3));
	ATF_CHECK(!address_is_folder("a\0b", 3));
}

ATF_TC_WITHOUT_HEAD(a_domain_is_the_same_in_any_case_and_with_a_dot);
ATF_TC_BODY(a_domain_is_the_same_in_any_case_and_with_a_dot, tc)
{
	static const char *const same[] = {
	    "example.test", "Example.TEST", "example.test.", "EXAMPLE.test."};
	stralloc key = {0};
	size_t i;

	for (i = 0; i < sizeof(same) / sizeof(*same); i++) {
		address_domain_key(&key, same[i], strlen(same[i]));
		ATF_CHECK_EQ(strlen("example.test"), key.len);
		ATF_CHECK_EQ_MSG(
		    0, memcmp(key.s, "example.test", key.len), "%s", same[i]);
	}
	address_domain_key(&key, "", 0);
	ATF_CHECK_EQ(0, key.len);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, mailboxes_follow_the_grammar);
	ATF_TP_ADD_TC(tp, our_own_names_have_no_underscore);
	ATF_TP_ADD_TC(tp, dots_may_stand_anywhere_where_they_are_looked_for);
	ATF_TP_ADD_TC(tp, lengths_are_limited);
	ATF_TP_ADD_TC(tp, equal_mailboxes_have_equal_keys);
	ATF_TP_ADD_TC(tp, folders_cannot_leave_their_place);
	ATF_TP_ADD_TC(tp, a_domain_is_the_same_in_any_case_and_with_a_dot);
	return atf_no_error();
}
