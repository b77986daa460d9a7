#include <string.h>

#include <atf-c.h>

#include "lib/dnsbl.h"
#include "lib/ipaddress.h"

static const char *
name(const char *line, const char *ip)
{
	static char s[DNSBL_NAME_MAX];
	unsigned char address[16];
	struct dnsbl list;

	ATF_REQUIRE(dnsbl_scan(&list, line));
	ATF_REQUIRE(ipaddress_scan(ip, address));
	dnsbl_name(s, &list, address);
	return s;
}

static int
counts(const char *line, const char *answer)
{
	unsigned char address[16];
	struct dnsbl list;

	ATF_REQUIRE(dnsbl_scan(&list, line));
	ATF_REQUIRE(ipaddress_scan(answer, address));
	return dnsbl_counts(&list, address);
}

ATF_TC_WITHOUT_HEAD(an_address_is_asked_for_backwards);
ATF_TC_BODY(an_address_is_asked_for_backwards, tc)
{
	ATF_CHECK_STREQ("99.2.0.192.bl.test", name("bl.test", "192.0.2.99"));
	ATF_CHECK_STREQ(
	    "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.bl.test",
	    name("bl.test:2", "4321:0:1:2:3:4:567:89ab"));
}

ATF_TC_WITHOUT_HEAD(answers_about_errors_list_nobody);
ATF_TC_BODY(answers_about_errors_list_nobody, tc)
{
	ATF_CHECK(counts("bl.test", "127.0.0.2"));
	ATF_CHECK(!counts("bl.test", "127.255.255.254"));
	ATF_CHECK(!counts("bl.test", "192.0.2.1"));
	ATF_CHECK(!counts("bl.test", "127.0.0.1"));
	ATF_CHECK(!counts("bl.test", "127.0.0.255"));
	ATF_CHECK(!counts("bl.test", "127.0.1.255"));
	ATF_CHECK(counts("bl.test", "127.0.1.254"));
	ATF_CHECK(!counts("bl.test:1:127.0.0.0/24", "127.0.0.1"));
	ATF_CHECK(!counts("bl.test:1:0.0.0.0/0", "198.51.100.1"));
	ATF_CHECK(counts("bl.test:1:127.0.0.4,127.0.1.0/24", "127.0.1.7"));
	ATF_CHECK(!counts("bl.test:1:127.0.0.4,127.0.1.0/24", "127.0.0.2"));
}

ATF_TC_WITHOUT_HEAD(a_line_has_zone_score_and_networks);
ATF_TC_BODY(a_line_has_zone_score_and_networks, tc)
{
	static const char *const wrong[] = {"", ":1", "bl_.test", "bl.test:", "bl.test:x",
	    "bl.test:1001", "bl.test:1:", "bl.test:1:x", "bl.test:1:127.0.0.1,",
	    "[127.0.0.1]", "=a.test", "bl.test=", "bl.test=:1", "bl.test=a=b"};
	struct dnsbl list;
	size_t i;

	ATF_REQUIRE(dnsbl_scan(&list, "good.test:-3:127.0.0.2"));
	ATF_CHECK_EQ(-3, list.score);
	ATF_CHECK_STREQ("good.test", list.zone);
	ATF_CHECK_STREQ("good.test", list.name);
	ATF_REQUIRE(dnsbl_scan(&list, "key.good.test=good.test:-3:127.0.0.2"));
	ATF_CHECK_EQ(-3, list.score);
	ATF_CHECK_STREQ("key.good.test", list.zone);
	ATF_CHECK_STREQ("good.test", list.name);
	ATF_REQUIRE(dnsbl_scan(&list, "key.good.test=good"));
	ATF_CHECK_STREQ("good", list.name);
	for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ATF_CHECK_MSG(!dnsbl_scan(&list, wrong[i]), "%s", wrong[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, an_address_is_asked_for_backwards);
	ATF_TP_ADD_TC(tp, answers_about_errors_list_nobody);
	ATF_TP_ADD_TC(tp, a_line_has_zone_score_and_networks);
	return atf_no_error();
}
