#include <string.h>

#include <atf-c.h>

#include "lib/helo_host.h"
#include "lib/ipaddress.h"

static const char list[] = "192.0.2.1 one.test\0"
			   "usual.test\0"
			   "2001:db8::1\tsix.test\0"
			   "192.0.2.1 never.test\0"
			   "never.test";

static void
check_name(const char *expected, const char *address)
{
	unsigned char ip[16];

	ATF_REQUIRE(ipaddress_scan(address, ip));
	ATF_CHECK_STREQ(expected, helo_host_find(list, sizeof(list), ip, "me.test"));
}

ATF_TC_WITHOUT_HEAD(an_address_may_have_a_name_of_its_own);
ATF_TC_BODY(an_address_may_have_a_name_of_its_own, tc)
{
	static const unsigned char none[16];

	check_name("one.test", "192.0.2.1");
	check_name("six.test", "2001:db8::1");
	check_name("usual.test", "192.0.2.2");
	ATF_CHECK_STREQ(
	    "usual.test", helo_host_find(list, sizeof(list), NULL, "me.test"));
	ATF_CHECK_STREQ("me.test", helo_host_find(list, 0, none, "me.test"));
	ATF_CHECK_STREQ("me.test", helo_host_find(list, 19, none, "me.test"));
}

ATF_TC_WITHOUT_HEAD(lines_can_be_checked_beforehand);
ATF_TC_BODY(lines_can_be_checked_beforehand, tc)
{
	ATF_CHECK_EQ(1, helo_host_line("a.test"));
	ATF_CHECK_EQ(1, helo_host_line("192.0.2.1"));
	ATF_CHECK_EQ(2, helo_host_line("192.0.2.1 a.test"));
	ATF_CHECK_EQ(2, helo_host_line("2001:db8::1  a.test"));
	ATF_CHECK_EQ(0, helo_host_line("a.test b.test"));
	ATF_CHECK_EQ(0, helo_host_line("192.0.2.1 a b"));
	ATF_CHECK_EQ(0, helo_host_line("a_b.test"));
	ATF_CHECK_EQ(0, helo_host_line(""));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_address_may_have_a_name_of_its_own);
	ATF_TP_ADD_TC(tp, lines_can_be_checked_beforehand);
	return atf_no_error();
}
