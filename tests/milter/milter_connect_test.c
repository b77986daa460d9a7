#include <string.h>

#include <atf-c.h>

#include "lib/ipaddress.h"
#include "milter/milter_connect.h"

ATF_TC_WITHOUT_HEAD(addresses_as_milters_are_told_them);
ATF_TC_BODY(addresses_as_milters_are_told_them, tc)
{
	static const struct {
		const char *s, *ip;
		unsigned port;
	} cases[] = {{"inet:127.0.0.1:8891", "127.0.0.1", 8891},
	    {"inet:8891@localhost", "127.0.0.1", 8891}, {"inet6:[::1]:8891", "::1", 8891},
	    {"inet:[2001:db8::1]:1", "2001:db8::1", 1}};
	static const char *const none[] = {"", "inet:", "inet:host:25", "inet:1.2.3.4",
	    "inet:1.2.3.4:0", "inet:1.2.3.4:65536", "unix:", "http:x", "/path",
	    "inet:x@1.2.3.4"};
	struct milter_address address;
	char text[IPADDRESS_TEXT_MAX];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ATF_REQUIRE_MSG(
		    milter_connect_parse(&address, cases[i].s), "%s", cases[i].s);
		ATF_CHECK(address.is_ip);
		ATF_CHECK_EQ(cases[i].port, address.port);
		ATF_CHECK_STREQ(cases[i].ip, ipaddress_text(text, address.ip));
	}
	for (i = 0; i < sizeof none / sizeof *none; i++)
		ATF_CHECK_MSG(!milter_connect_parse(&address, none[i]), "%s", none[i]);
	ATF_REQUIRE(milter_connect_parse(&address, "unix:/run/x.sock"));
	ATF_CHECK_STREQ("/run/x.sock", address.path);
	ATF_CHECK(milter_connect_parse(&address, "local:y") && !address.is_ip);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, addresses_as_milters_are_told_them);
	return atf_no_error();
}
