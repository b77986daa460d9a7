#include <string.h>

#include <atf-c.h>

#include "lib/dns_answer.h"
#include "lib/netstring.h"

ATF_TC_WITHOUT_HEAD(what_is_put_is_parsed_again);
ATF_TC_BODY(what_is_put_is_parsed_again, tc)
{
	const struct dns_answer said = {.id = 4294967295U,
	    .status = DNS_ANSWER_FOUND,
	    .secure = 1,
	    .ttl = 300,
	    .name = "a b.test",
	    .name_len = 8};
	struct dns_answer heard;
	stralloc sa = {0};
	const char *s;
	size_t len;

	dns_answer_put(&sa, &said);
	netstring_put(&sa, "one\n", 4);
	netstring_put(&sa, "", 0);
	ATF_REQUIRE(dns_answer_parse(&heard, sa.s, sa.len));
	ATF_CHECK_EQ(4294967295U, heard.id);
	ATF_CHECK_EQ(DNS_ANSWER_FOUND, heard.status);
	ATF_CHECK_EQ(1, heard.secure);
	ATF_CHECK_EQ(300, heard.ttl);
	ATF_CHECK_EQ(8, heard.name_len);
	ATF_CHECK(memcmp(heard.name, "a b.test", 8) == 0);
	ATF_REQUIRE(dns_answer_next(&heard, &s, &len));
	ATF_CHECK(len == 4 && memcmp(s, "one\n", 4) == 0);
	ATF_REQUIRE(dns_answer_next(&heard, &s, &len));
	ATF_CHECK_EQ(0, len);
	ATF_CHECK(!dns_answer_next(&heard, &s, &len));
}

ATF_TC_WITHOUT_HEAD(what_is_malformed_is_refused);
ATF_TC_BODY(what_is_malformed_is_refused, tc)
{
	static const char *const answers[] = {"", "\n", "1", "1 found 0 0 a",
	    "1 found 0 0\n", "1 found 2 0 a\n", "x found 0 0 a\n", "1 lost 0 0 a\n",
	    "1 found 0 x a\n", "4294967296 found 0 0 a\n",
	    "1 found 0 0 a\n1:", "1 found 0 0 a\n1:ab", "1 found 0 0 a\n1:a,x", NULL};
	struct dns_answer answer;
	size_t i;

	for (i = 0; answers[i] != NULL; i++)
		ATF_CHECK_MSG(!dns_answer_parse(&answer, answers[i], strlen(answers[i])),
		    "%s", answers[i]);
	ATF_CHECK(dns_answer_parse(&answer, "1 no-name 0 0 \n", 15));
	ATF_CHECK_EQ(DNS_ANSWER_NO_NAME, answer.status);
}

ATF_TC_WITHOUT_HEAD(an_mx_is_a_number_and_a_name);
ATF_TC_BODY(an_mx_is_a_number_and_a_name, tc)
{
	unsigned preference;

	ATF_CHECK_STREQ("a.test", dns_answer_mx("10 a.test", 9, &preference));
	ATF_CHECK_EQ(10, preference);
	ATF_CHECK_STREQ("", dns_answer_mx("0 ", 2, &preference));
	ATF_CHECK_EQ(0, preference);
	ATF_CHECK(dns_answer_mx("65536 a", 7, &preference) == NULL);
	ATF_CHECK(dns_answer_mx("a", 1, &preference) == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_put_is_parsed_again);
	ATF_TP_ADD_TC(tp, what_is_malformed_is_refused);
	ATF_TP_ADD_TC(tp, an_mx_is_a_number_and_a_name);
	return atf_no_error();
}
