#include <string.h>

#include <atf-c.h>

#include "lib/ipaddress.h"

static int
matches(const char *address, const char *rule)
{
	unsigned char ip[16];

	ATF_REQUIRE_MSG(ipaddress_scan(address, ip), "%s", address);
	return ipaddress_matches(ip, rule);
}

ATF_TC_WITHOUT_HEAD(both_families_are_understood);
ATF_TC_BODY(both_families_are_understood, tc)
{
	unsigned char ip[16], mapped[16];
	char text[IPADDRESS_TEXT_MAX];

	ATF_REQUIRE(ipaddress_scan("192.0.2.1", ip));
	ATF_REQUIRE(ipaddress_scan("::ffff:192.0.2.1", mapped));
	ATF_CHECK(memcmp(ip, mapped, 16) == 0);
	ATF_CHECK_STREQ("192.0.2.1", ipaddress_text(text, ip));
	ATF_REQUIRE(ipaddress_scan("fe80::1%eth0", ip));
	ATF_CHECK_EQ(0xfe, ip[0]);
	ATF_CHECK_EQ(1, ip[15]);
}

ATF_TC_WITHOUT_HEAD(what_is_no_address_is_refused);
ATF_TC_BODY(what_is_no_address_is_refused, tc)
{
	static const char *const bad[] = {"", "1", "1.2.3", "1.2.3.256", "1.2.3.4.5",
	    "1.2.3.4 ", " 1.2.3.4", "01.2.3.4", "0x1.2.3.4", ":", ":::", "1::2::3",
	    "12345::", "g::", "[::1]", "::1/128", "%eth0", "localhost",
	    "1111:2222:3333:4444:5555:6666:7777:8888:9999",
	    "00000000000000000000000000000000000000000000000000001.2.3.4"};
	unsigned char ip[16];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(!ipaddress_scan(bad[i], ip), "%s", bad[i]);
}

ATF_TC_WITHOUT_HEAD(a_rule_is_an_address_or_a_network);
ATF_TC_BODY(a_rule_is_an_address_or_a_network, tc)
{
	ATF_CHECK_EQ(1, matches("192.0.2.1", "192.0.2.1"));
	ATF_CHECK_EQ(0, matches("192.0.2.1", "192.0.2.2"));
	ATF_CHECK_EQ(1, matches("192.0.2.1", "192.0.2.1/32"));
	ATF_CHECK_EQ(1, matches("192.0.2.255", "192.0.2.0/24"));
	ATF_CHECK_EQ(0, matches("192.0.3.0", "192.0.2.0/24"));
	ATF_CHECK_EQ(1, matches("10.127.0.1", "10.0.0.0/9"));
	ATF_CHECK_EQ(0, matches("10.128.0.1", "10.0.0.0/9"));
	ATF_CHECK_EQ(1, matches("1.2.3.4", "0.0.0.0/0"));
	ATF_CHECK_EQ(1, matches("::1", "::1"));
	ATF_CHECK_EQ(1, matches("2001:db8::5", "2001:db8::/32"));
	ATF_CHECK_EQ(0, matches("2001:db9::5", "2001:db8::/32"));
	ATF_CHECK_EQ(1, matches("2001:db8::5", "::/0"));
}

ATF_TC_WITHOUT_HEAD(a_mapped_address_is_its_ipv4_form);
ATF_TC_BODY(a_mapped_address_is_its_ipv4_form, tc)
{
	ATF_CHECK_EQ(1, matches("::ffff:10.1.2.3", "10.0.0.0/8"));
	ATF_CHECK_EQ(1, matches("10.1.2.3", "::ffff:10.0.0.0/104"));
	ATF_CHECK_EQ(0, matches("::1", "0.0.0.0/0"));
	ATF_CHECK_EQ(0, matches("2001:db8::1", "0.0.0.0/0"));
}

ATF_TC_WITHOUT_HEAD(malformed_rules_are_told_from_others);
ATF_TC_BODY(malformed_rules_are_told_from_others, tc)
{
	static const char *const bad[] = {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33",
	    "10.0.0.0/-1", "10.0.0.0/8 ", "10.0.0.0/8/8", "10.0.0.1/8", "10.0.0/8",
	    "2001:db8::/129", "2001:db8::1/32", "10.", "10.0.0.0/a",
	    "10.0.0.0/99999999999999999999", "*"};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(matches("10.0.0.1", bad[i]) == -1, "%s", bad[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, both_families_are_understood);
	ATF_TP_ADD_TC(tp, what_is_no_address_is_refused);
	ATF_TP_ADD_TC(tp, a_rule_is_an_address_or_a_network);
	ATF_TP_ADD_TC(tp, a_mapped_address_is_its_ipv4_form);
	ATF_TP_ADD_TC(tp, malformed_rules_are_told_from_others);
	return atf_no_error();
}
