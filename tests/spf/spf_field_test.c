#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/ipaddress.h"
#include "lib/text.h"
#include "spf/spf_field.h"

static const char *
field(const char *ip, const char *sender, const char *helo, const char *identity,
    struct spf_verdict *v)
{
	static stralloc sa;
	struct spf_question q = {.sender = sender, .helo = helo, .receiver = "me.test"};

	sa.len = 0;
	ATF_REQUIRE(ipaddress_scan(ip, q.ip));
	spf_field_put(&sa, &q, v, identity);
	text_terminate(&sa);
	return sa.s;
}

ATF_TC_WITHOUT_HEAD(the_field_has_the_form_of_the_rfc);
ATF_TC_BODY(the_field_has_the_form_of_the_rfc, tc)
{
	struct spf_verdict v = {.result = SPF_PASS};

	text_set(&v.mechanism, "ip4:192.0.2.0/24");
	ATF_CHECK_STREQ("Received-SPF: pass (the domain permits this client) "
			"client-ip=192.0.2.1; identity=mailfrom; receiver=me.test; "
			"mechanism=\"ip4:192.0.2.0/24\"; envelope-from=\"a@b.test\"; "
			"helo=mx.b.test",
	    field("192.0.2.1", "a@b.test", "mx.b.test", "mailfrom", &v));
	v.result = SPF_PERMERROR;
	v.problem = "an SPF record is malformed";
	ATF_CHECK_STREQ("Received-SPF: permerror (an SPF record is malformed) "
			"client-ip=\"2001:db8::1\"; identity=helo; receiver=me.test; "
			"mechanism=\"ip4:192.0.2.0/24\"; helo=\"a\\\"b\\\\ \"",
	    field("2001:db8::1", "x", "a\"b\\ ", "helo", &v));
}

ATF_TC_WITHOUT_HEAD(what_is_too_long_is_left_out);
ATF_TC_BODY(what_is_too_long_is_left_out, tc)
{
	struct spf_verdict v = {.result = SPF_NONE};
	char sender[1001];
	const char *s;

	memset(sender, '"', 1000);
	sender[1000] = '\0';
	s = field("192.0.2.1", sender, "mx.b.test", "mailfrom", &v);
	ATF_CHECK(strlen(s) <= SPF_FIELD_MAX);
	ATF_CHECK(strstr(s, "envelope-from") == NULL);
	ATF_CHECK(strstr(s, "; helo=mx.b.test") != NULL);
	s = field("192.0.2.1", sender, sender, "mailfrom", &v);
	ATF_CHECK_STREQ("Received-SPF: none (no SPF record) client-ip=192.0.2.1; "
			"identity=mailfrom; receiver=me.test",
	    s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_field_has_the_form_of_the_rfc);
	ATF_TP_ADD_TC(tp, what_is_too_long_is_left_out);
	return atf_no_error();
}
