#include <string.h>

#include <atf-c.h>

#include "lib/bind_address.h"
#include "lib/ipaddress.h"

ATF_TC_WITHOUT_HEAD(lines_have_an_address_of_each_family);
ATF_TC_BODY(lines_have_an_address_of_each_family, tc)
{
	static const struct {
		const char *line, *ip4, *ip6; /* both null: malformed */
	} cases[] = {
	    {"* 192.0.2.1", "192.0.2.1", NULL},
	    {"a.test\t2001:db8::1", NULL, "2001:db8::1"},
	    {"@a.test 192.0.2.1 2001:db8::1", "192.0.2.1", "2001:db8::1"},
	    {"@a.test 2001:db8::1  192.0.2.1", "192.0.2.1", "2001:db8::1"},
	    {"a.test", NULL, NULL},
	    {"", NULL, NULL},
	    {" 192.0.2.1", NULL, NULL},
	    {"* 192.0.2.1 192.0.2.2", NULL, NULL},
	    {"* 2001:db8::1 2001:db8::2", NULL, NULL},
	    {"* 192.0.2.1 2001:db8::1 192.0.2.2", NULL, NULL},
	    {"* host", NULL, NULL},
	    {"* [2001:db8::1]", NULL, NULL},
	};
	char text[IPADDRESS_TEXT_MAX];
	struct bind_address b;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int sound = cases[i].ip4 != NULL || cases[i].ip6 != NULL;

		ATF_CHECK_EQ_MSG(
		    sound, bind_address_parse(&b, cases[i].line), "%s", cases[i].line);
		if (!sound)
			continue;
		ATF_CHECK_EQ(cases[i].ip4 != NULL, b.has_ip4);
		ATF_CHECK_EQ(cases[i].ip6 != NULL, b.has_ip6);
		if (b.has_ip4)
			ATF_CHECK_STREQ(cases[i].ip4, ipaddress_text(text, b.ip4));
		if (b.has_ip6)
			ATF_CHECK_STREQ(cases[i].ip6, ipaddress_text(text, b.ip6));
	}
}

static const char list[] = "* 192.0.2.9\0"
			   "to.test 192.0.2.1\0"
			   ".to.test 192.0.2.2\0"
			   "@from.test 192.0.2.3\0"
			   "who@from.test 192.0.2.4\0"
			   "bad.test no";

ATF_TC_WITHOUT_HEAD(the_sender_goes_before_the_domain);
ATF_TC_BODY(the_sender_goes_before_the_domain, tc)
{
	static const struct {
		const char *sender, *domain, *ip;
	} cases[] = {
	    {"x@y.test", "to.test", "192.0.2.1"},
	    {"", "a.to.test", "192.0.2.2"},
	    {"x@from.test", "to.test", "192.0.2.3"},
	    {"who@from.test", "to.test", "192.0.2.4"},
	    {"", "y.test", "192.0.2.9"},
	};
	char text[IPADDRESS_TEXT_MAX];
	struct bind_address b;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ATF_REQUIRE_EQ(1, bind_address_find(&b, list, sizeof(list),
				      cases[i].sender, cases[i].domain));
		ATF_CHECK_STREQ(cases[i].ip, ipaddress_text(text, b.ip4));
	}
	ATF_CHECK_EQ(-1, bind_address_find(&b, list, sizeof(list), "", "bad.test"));
	ATF_CHECK_STREQ("bad.test no", b.line);
	ATF_CHECK_EQ(0, bind_address_find(&b, "a.test 192.0.2.1", 17, "", "b.test"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_have_an_address_of_each_family);
	ATF_TP_ADD_TC(tp, the_sender_goes_before_the_domain);
	return atf_no_error();
}
