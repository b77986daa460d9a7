#include <string.h>

#include <atf-c.h>

#include "lib/tls_policy.h"

#define HEX_64 "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"

static const char lines[] = "*  may\0"
			    ".example.org encrypt\0"
			    "Example.org verify match=mx\0"
			    "example.org none\0"
			    ".sub.example.org dane\0"
			    "b\xc3\xbc"
			    "cher.test encrypt\0"
			    ".b\xc3\xbc"
			    "cher.test dane\0"
			    "[192.0.2.1] none";

static const char *
find(const char *domain)
{
	return tls_policy_find(lines, sizeof(lines), domain);
}

ATF_TC_WITHOUT_HEAD(the_most_exact_pattern_counts_and_of_equal_ones_the_first);
ATF_TC_BODY(the_most_exact_pattern_counts_and_of_equal_ones_the_first, tc)
{
	ATF_CHECK_STREQ("Example.org verify match=mx", find("example.org"));
	ATF_CHECK_STREQ("Example.org verify match=mx", find("EXAMPLE.ORG."));
	ATF_CHECK_STREQ(".example.org encrypt", find("a.example.org"));
	ATF_CHECK_STREQ(".example.org encrypt", find("sub.example.org"));
	ATF_CHECK_STREQ(".sub.example.org dane", find("a.b.sub.example.org"));
	ATF_CHECK_STREQ("*  may", find("anexample.org"));
	ATF_CHECK_STREQ("[192.0.2.1] none", find("[192.0.2.1]"));
	ATF_CHECK_STREQ("*  may", find("[192.0.2.2]"));
	ATF_CHECK(tls_policy_is_general(find("else.test")));
	ATF_CHECK(!tls_policy_is_general(find("example.org")));
	ATF_CHECK_EQ(NULL, tls_policy_find("", 0, "example.org"));
	ATF_CHECK_EQ(NULL, tls_policy_find(lines + 7, 21, "example.test"));
}

ATF_TC_WITHOUT_HEAD(patterns_may_be_in_utf_8);
ATF_TC_BODY(patterns_may_be_in_utf_8, tc)
{
	ATF_CHECK_STREQ("b\xc3\xbc"
			"cher.test encrypt",
	    find("xn--bcher-kva.test"));
	ATF_CHECK_STREQ(".b\xc3\xbc"
			"cher.test dane",
	    find("mx.xn--bcher-kva.test"));
}

ATF_TC_WITHOUT_HEAD(a_line_has_a_pattern_a_level_and_settings);
ATF_TC_BODY(a_line_has_a_pattern_a_level_and_settings, tc)
{
	struct tls_policy p;
	const char *list;
	char value[100];

	ATF_REQUIRE_EQ(NULL, tls_policy_parse(&p, "* may"));
	ATF_CHECK_EQ(TLS_POLICY_MAY, p.level);
	ATF_CHECK_EQ(0, p.min_version);
	ATF_REQUIRE_EQ(
	    NULL, tls_policy_parse(&p, "a.test \t Verify match=mx,b.test  min=1.3"));
	ATF_CHECK_EQ(TLS_POLICY_VERIFY, p.level);
	ATF_CHECK_EQ(13, p.min_version);
	list = p.names;
	ATF_REQUIRE(tls_policy_next(&list, value, sizeof(value)));
	ATF_CHECK_STREQ("mx", value);
	ATF_REQUIRE(tls_policy_next(&list, value, sizeof(value)));
	ATF_CHECK_STREQ("b.test", value);
	ATF_CHECK(!tls_policy_next(&list, value, sizeof(value)));
	ATF_REQUIRE_EQ(NULL,
	    tls_policy_parse(&p, ".a.test fingerprint sha256=" HEX_64
				 ",00:112233445566778899aabbccddeeff00112233445566778899"
				 "AABBCCDDEE:FF min=1.2"));
	ATF_CHECK_EQ(12, p.min_version);
	list = p.fingerprints;
	ATF_REQUIRE(tls_policy_next(&list, value, sizeof(value)));
	ATF_CHECK_STREQ(HEX_64, value);
	ATF_REQUIRE(tls_policy_next(&list, value, sizeof(value)));
	ATF_CHECK_STREQ(HEX_64, value);
	ATF_CHECK(!tls_policy_next(&list, value, sizeof(value)));
	list = NULL;
	ATF_CHECK(!tls_policy_next(&list, value, sizeof(value)));
}

ATF_TC_WITHOUT_HEAD(nonsense_is_refused);
ATF_TC_BODY(nonsense_is_refused, tc)
{
	static const char *const wrong[] = {"", "a.test", "a.test always", "-.test may",
	    "*.test may", "a.test may match=b.test",
	    "a.test verify match=", "a.test verify match=b.test,",
	    "a.test verify match=192.0.2.1,b.test", "a.test verify match=,b.test",
	    "a.test verify sha256=" HEX_64, "a.test fingerprint",
	    "a.test fingerprint sha256=00", "a.test fingerprint sha256=" HEX_64 "00",
	    "a.test fingerprint sha256=" HEX_64 ",", "a.test may min=1.1",
	    "a.test none min=1.2", "a.test may max=1.2", "a.test may min",
	    "a.test may min=1.2,1.3"};
	struct tls_policy p;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ATF_CHECK_MSG(tls_policy_parse(&p, wrong[i]) != NULL, "%s", wrong[i]);
}

ATF_TC_WITHOUT_HEAD(a_line_has_no_more_than_can_be_asked_for);
ATF_TC_BODY(a_line_has_no_more_than_can_be_asked_for, tc)
{
	char line[4000] = "a.test verify match=mx";
	struct tls_policy p;

	for (int i = 1; i < TLS_POLICY_NAMES; i++)
		strcat(line, ",b.test");
	ATF_CHECK_EQ(NULL, tls_policy_parse(&p, line));
	strcat(line, ",b.test");
	ATF_CHECK(tls_policy_parse(&p, line) != NULL);
	strcpy(line, "a.test fingerprint sha256=" HEX_64);
	for (int i = 1; i < TLS_POLICY_DIGESTS; i++)
		strcat(line, "," HEX_64);
	ATF_CHECK_EQ(NULL, tls_policy_parse(&p, line));
	strcat(line, "," HEX_64);
	ATF_CHECK(tls_policy_parse(&p, line) != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_most_exact_pattern_counts_and_of_equal_ones_the_first);
	ATF_TP_ADD_TC(tp, patterns_may_be_in_utf_8);
	ATF_TP_ADD_TC(tp, a_line_has_a_pattern_a_level_and_settings);
	ATF_TP_ADD_TC(tp, nonsense_is_refused);
	ATF_TP_ADD_TC(tp, a_line_has_no_more_than_can_be_asked_for);
	return atf_no_error();
}
