#include <string.h>

#include <atf-c.h>

#include "lib/ipaddress.h"
#include "policy/helo_name.h"

static const struct {
	const char *name;
	enum helo_kind kind;
	const char *ip; /* of a literal */
} kinds[] = {
    {"mx.example.test", HELO_HOST, NULL},
    {"a_b.example.test", HELO_HOST, NULL},
    {"m\xc3\xbcller.test", HELO_HOST, NULL},
    {"1.2.3.4.example.test", HELO_HOST, NULL},
    {"localhost", HELO_SHORT, NULL},
    {"DESKTOP-1", HELO_SHORT, NULL},
    {"192.0.2.1", HELO_BARE, NULL},
    {"2001:db8::1", HELO_BARE, NULL},
    {"[192.0.2.1]", HELO_LITERAL, "192.0.2.1"},
    {"[IPv6:2001:db8::1]", HELO_LITERAL, "2001:db8::1"},
    {"[ipv6:::1]", HELO_LITERAL, "::1"},
    /* each kind of address has its own form */
    {"[2001:db8::1]", HELO_SENSELESS, NULL},
    {"[IPv6:192.0.2.1]", HELO_SENSELESS, NULL},
    {"[IPv6:fe80::1%eth0]", HELO_SENSELESS, NULL},
    {"[192.0.2.1", HELO_SENSELESS, NULL},
    {"[192.0.2.1]x", HELO_SENSELESS, NULL},
    {"[192.0.2.256]", HELO_SENSELESS, NULL},
    {"[]", HELO_SENSELESS, NULL},
    {"[", HELO_SENSELESS, NULL},
    {"[IPv6:]", HELO_SENSELESS, NULL},
    {"", HELO_SENSELESS, NULL},
    {".", HELO_SENSELESS, NULL},
    {"-mx.example.test", HELO_SENSELESS, NULL},
    {"mx..example.test", HELO_SENSELESS, NULL},
    {"mx!example.test", HELO_SENSELESS, NULL},
};

ATF_TC_WITHOUT_HEAD(names_are_sorted_by_their_form);
ATF_TC_BODY(names_are_sorted_by_their_form, tc)
{
	char text[IPADDRESS_TEXT_MAX], overlong[300];
	unsigned char ip[16];
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		ATF_CHECK_EQ_MSG(kinds[i].kind, helo_name_scan(kinds[i].name, ip), "%s",
		    kinds[i].name);
		if (kinds[i].ip != NULL)
			ATF_CHECK_STREQ(kinds[i].ip, ipaddress_text(text, ip));
	}
	memset(overlong, '1', sizeof(overlong) - 1);
	overlong[0] = '[';
	overlong[sizeof(overlong) - 2] = ']';
	overlong[sizeof(overlong) - 1] = '\0';
	ATF_CHECK_EQ(HELO_SENSELESS, helo_name_scan(overlong, ip));
}

ATF_TC_WITHOUT_HEAD(rules_fit_names_and_what_is_below_a_dot);
ATF_TC_BODY(rules_fit_names_and_what_is_below_a_dot, tc)
{
	ATF_CHECK(helo_name_matches("mx.example.test", "MX.example.TEST"));
	ATF_CHECK(helo_name_matches("mx.example.test", ".example.test"));
	ATF_CHECK(helo_name_matches("a.mx.example.test", ".example.test"));
	ATF_CHECK(!helo_name_matches("example.test", ".example.test"));
	ATF_CHECK(!helo_name_matches("mx.example.test", "example.test"));
	ATF_CHECK(!helo_name_matches("mxexample.test", ".example.test"));
	ATF_CHECK(!helo_name_matches("mx.example.test", ""));
	ATF_CHECK(!helo_name_matches("", ".example.test"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, names_are_sorted_by_their_form);
	ATF_TP_ADD_TC(tp, rules_fit_names_and_what_is_below_a_dot);
	return atf_no_error();
}
