#include <string.h>
#include <sys/un.h>

#include <atf-c.h>

#include "lib/next_hop.h"

static const struct {
	const char *text;
	const char *host; /* null: malformed */
	unsigned port;
	enum next_hop_kind kind;
} hops[] = {
    {"", "", 0, NEXT_HOP_DOMAIN},
    {":2525", "", 2525, NEXT_HOP_DOMAIN},
    {"host", "host", 0, NEXT_HOP_SMTP},
    {"mail_1.Host.test", "mail_1.Host.test", 0, NEXT_HOP_SMTP},
    {"192.0.2.1", "192.0.2.1", 0, NEXT_HOP_SMTP},
    {"host:25", "host", 25, NEXT_HOP_SMTP},
    {"[192.0.2.1]", "192.0.2.1", 0, NEXT_HOP_SMTP},
    {"[192.0.2.1]:65535", "192.0.2.1", 65535, NEXT_HOP_SMTP},
    {"[2001:db8::1]:25", "2001:db8::1", 25, NEXT_HOP_SMTP},
    {"[ipv6:2001:DB8::1]", "2001:DB8::1", 0, NEXT_HOP_SMTP},
    {"mx!b.test", "b.test", 0, NEXT_HOP_MX},
    {"MX!b.test:2525", "b.test", 2525, NEXT_HOP_MX},
    {"smtps://host", "host", 465, NEXT_HOP_SMTPS},
    {"smtps://host:1465", "host", 1465, NEXT_HOP_SMTPS},
    {"SMTPS://[2001:db8::1]:25", "2001:db8::1", 25, NEXT_HOP_SMTPS},
    {"lmtp://host:24", "host", 24, NEXT_HOP_LMTP},
    {"lmtp://[::1]:24", "::1", 24, NEXT_HOP_LMTP},
    {"lmtp:///run/lmtp", "/run/lmtp", 0, NEXT_HOP_LMTP_PATH},
    {"host:", NULL, 0, 0},
    {"host:0", NULL, 0, 0},
    {"host:65536", NULL, 0, 0},
    {"host:25x", NULL, 0, 0},
    {"host:-1", NULL, 0, 0},
    {"host:25:26", NULL, 0, 0},
    {"2001:db8::1", NULL, 0, 0},
    {"[2001:db8::1", NULL, 0, 0},
    {"[]", NULL, 0, 0},
    {"[]:25", NULL, 0, 0},
    {"[IPv6:]", NULL, 0, 0},
    {"[host]", NULL, 0, 0},
    {"[::1]25", NULL, 0, 0},
    {"host|user|password", NULL, 0, 0},
    {"ho st", NULL, 0, 0},
    {"mx!", NULL, 0, 0},
    {"mx!:25", NULL, 0, 0},
    {"a!b.test", NULL, 0, 0},
    {"smtps://", NULL, 0, 0},
    {"smtps://host/", NULL, 0, 0},
    {"smtp://host", NULL, 0, 0},
    {"lmtp://host", NULL, 0, 0},
    {"lmtp:host:24", NULL, 0, 0},
    {"lmtp:///", NULL, 0, 0},
};

ATF_TC_WITHOUT_HEAD(a_hop_has_one_of_its_forms);
ATF_TC_BODY(a_hop_has_one_of_its_forms, tc)
{
	struct next_hop hop;

	for (size_t i = 0; i < sizeof(hops) / sizeof(hops[0]); i++) {
		const char *s = hops[i].text;
		int r = next_hop_parse(&hop, s, strlen(s));

		ATF_CHECK_EQ_MSG(hops[i].host != NULL, r, "%s", s);
		if (r != 1 || hops[i].host == NULL)
			continue;
		ATF_CHECK_STREQ_MSG(hops[i].host, hop.host, "%s", s);
		ATF_CHECK_EQ_MSG(hops[i].port, hop.port, "%s", s);
		ATF_CHECK_EQ_MSG(hops[i].kind, hop.kind, "%s", s);
	}
}

ATF_TC_WITHOUT_HEAD(a_host_has_a_limit);
ATF_TC_BODY(a_host_has_a_limit, tc)
{
	char host[NEXT_HOP_HOST_MAX + 2], path[200] = "lmtp:///";
	size_t room = sizeof(((struct sockaddr_un *)0)->sun_path);
	struct next_hop hop;

	memset(host, 'a', sizeof(host));
	ATF_CHECK_EQ(1, next_hop_parse(&hop, host, NEXT_HOP_HOST_MAX));
	ATF_CHECK_EQ(NEXT_HOP_HOST_MAX, strlen(hop.host));
	ATF_CHECK_EQ(0, next_hop_parse(&hop, host, NEXT_HOP_HOST_MAX + 1));
	memset(path + 8, 'a', sizeof(path) - 8);
	ATF_CHECK_EQ(1, next_hop_parse(&hop, path, 7 + room - 1));
	ATF_CHECK_EQ(0, next_hop_parse(&hop, path, 7 + room));
}

ATF_TC_WITHOUT_HEAD(several_are_taken_in_order);
ATF_TC_BODY(several_are_taken_in_order, tc)
{
	const char *s = " a.test\t b.test:26  mx!c.test";
	struct next_hop hop;

	ATF_REQUIRE_EQ(1, next_hop_take(&hop, &s));
	ATF_CHECK_STREQ("a.test", hop.host);
	ATF_REQUIRE_EQ(1, next_hop_take(&hop, &s));
	ATF_CHECK_EQ(26, hop.port);
	ATF_REQUIRE_EQ(1, next_hop_take(&hop, &s));
	ATF_CHECK_EQ(NEXT_HOP_MX, hop.kind);
	ATF_CHECK_EQ(0, next_hop_take(&hop, &s));
	ATF_CHECK_EQ(0, next_hop_take(&hop, &s));
	s = "a:b:c d";
	ATF_CHECK_EQ(-1, next_hop_take(&hop, &s));
	ATF_CHECK_STREQ(" d", s);
}

ATF_TC_WITHOUT_HEAD(a_refusal_has_a_text);
ATF_TC_BODY(a_refusal_has_a_text, tc)
{
	ATF_CHECK_STREQ("gone for ever", next_hop_refusal("fail gone for ever"));
	ATF_CHECK_STREQ("gone", next_hop_refusal(" fail \t gone"));
	ATF_CHECK_STREQ("", next_hop_refusal("fail"));
	ATF_CHECK(next_hop_refusal("failure.test") == NULL);
	ATF_CHECK(next_hop_refusal("a.test fail x") == NULL);
	ATF_CHECK(next_hop_refusal("fail:25") == NULL);
	ATF_CHECK(next_hop_refusal("") == NULL);
}

ATF_TC_WITHOUT_HEAD(a_refusal_has_a_status);
ATF_TC_BODY(a_refusal_has_a_status, tc)
{
	static const struct {
		const char *text, *status, *rest;
	} cases[] = {
	    {"it is gone", "5.7.1", "it is gone"},
	    {"5.1.6 it is gone", "5.1.6", "it is gone"},
	    {"5.999.999  x", "5.999.999", "x"},
	    {"4.1.6 x", "5.7.1", "4.1.6 x"},
	    {"5.1.6", "5.1.6", "mail for this address is not taken"},
	    {"", "5.7.1", "mail for this address is not taken"},
	};
	char status[NEXT_HOP_STATUS_MAX];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ATF_CHECK_STREQ(
		    cases[i].rest, next_hop_refusal_text(cases[i].text, status));
		ATF_CHECK_STREQ(cases[i].status, status);
	}
}

ATF_TC_WITHOUT_HEAD(lists_can_be_checked_beforehand);
ATF_TC_BODY(lists_can_be_checked_beforehand, tc)
{
	static const char *const good[] = {"", " ", "a", "a b:25 smtps://c mx!d", ":26",
	    "fail no mail: a/b", "lmtp:///run/x a"};
	static const char *const bad[] = {
	    "a b:c:d", "a :25", ":25 a", "a fail x", "a fail", "smtps:// a"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ATF_CHECK_MSG(next_hop_are(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_MSG(!next_hop_are(bad[i]), "%s", bad[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_hop_has_one_of_its_forms);
	ATF_TP_ADD_TC(tp, a_host_has_a_limit);
	ATF_TP_ADD_TC(tp, several_are_taken_in_order);
	ATF_TP_ADD_TC(tp, a_refusal_has_a_text);
	ATF_TP_ADD_TC(tp, a_refusal_has_a_status);
	ATF_TP_ADD_TC(tp, lists_can_be_checked_beforehand);
	return atf_no_error();
}
