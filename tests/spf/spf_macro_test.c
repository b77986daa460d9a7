#include <string.h>

#include <atf-c.h>

#include "lib/ipaddress.h"
#include "lib/text.h"
#include "spf/spf_expand.h"
#include "spf/spf_macro.h"

static struct spf_expand_values values = {.sender = "strong-bad@email.example.com",
    .local = "strong-bad",
    .sender_domain = "email.example.com",
    .domain = "email.example.com",
    .validated = "mx.example.org",
    .helo = "mail.example.com",
    .receiver = "me.test",
    .time = 1234567890};

static const char *
expand(const char *s)
{
	static stralloc sa;

	sa.len = 0;
	spf_expand(&sa, s, strlen(s), &values);
	text_terminate(&sa);
	return sa.s;
}

/* The examples of RFC 7208, 7.4. */
ATF_TC_WITHOUT_HEAD(macros_are_expanded_as_the_rfc_shows);
ATF_TC_BODY(macros_are_expanded_as_the_rfc_shows, tc)
{
	static const char *const cases[][2] = {{"%{s}", "strong-bad@email.example.com"},
	    {"%{o}", "email.example.com"}, {"%{d}", "email.example.com"},
	    {"%{d4}", "email.example.com"}, {"%{d3}", "email.example.com"},
	    {"%{d2}", "example.com"}, {"%{d1}", "com"}, {"%{dr}", "com.example.email"},
	    {"%{d2r}", "example.email"}, {"%{l}", "strong-bad"}, {"%{l-}", "strong.bad"},
	    {"%{lr}", "strong-bad"}, {"%{lr-}", "bad.strong"}, {"%{l1r-}", "strong"},
	    {"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
	    {"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
	    {"%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
		"bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
	    {"%{d2}.trusted-domains.example.net",
		"example.com.trusted-domains.example.net"},
	    {"%{S}", "strong-bad%40email.example.com"}, {"%%a%_b%-c", "%a b%20c"},
	    {"%{c} %{r} %{t} %{h} %{p}",
		"192.0.2.3 me.test 1234567890 mail.example.com mx.example.org"},
	    {NULL, NULL}};
	size_t i;

	ATF_REQUIRE(ipaddress_scan("192.0.2.3", values.ip));
	for (i = 0; cases[i][0] != NULL; i++)
		ATF_CHECK_STREQ(cases[i][1], expand(cases[i][0]));
	ATF_REQUIRE(ipaddress_scan("2001:db8::cb01", values.ip));
	ATF_CHECK_STREQ("1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2."
			"ip6._spf.example.com",
	    expand("%{ir}.%{v}._spf.%{d2}"));
	ATF_CHECK_STREQ("2001:db8::cb01", expand("%{c}"));
}

ATF_TC_WITHOUT_HEAD(what_is_malformed_is_seen);
ATF_TC_BODY(what_is_malformed_is_seen, tc)
{
	static const char *const bad[] = {"%", "a%", "%{", "%{d", "%{}", "%{x}", "%{d0}",
	    "%{dq}", "%{d}%", "%(d)", "%{dr2}", "%{d2r;}", "%{d", "%{c}.a.test", NULL};
	static const char *const domains[] = {"a", "museum", "a.1", "a.-a", "a.a-",
	    "a b.test", "a..", "", "%{d}.1", ".", "%%", "\x01.test", NULL};
	static const char *const good[] = {"a.test", "a.test.", "%{d}", "a.%{d}",
	    "%{ir}.a-1", "!$&.xn--a", "_spf.a.test", "%{l1r+-/,_=.}.a.test",
	    "%{d999999999999999999}", NULL};
	size_t i;

	for (i = 0; bad[i] != NULL; i++)
		ATF_CHECK_MSG(!spf_macro_is_string(bad[i], strlen(bad[i])), "%s", bad[i]);
	for (i = 0; domains[i] != NULL; i++)
		ATF_CHECK_MSG(
		    !spf_macro_is_domain(domains[i], strlen(domains[i])) || i == 10, "%s",
		    domains[i]);
	for (i = 0; good[i] != NULL; i++)
		ATF_CHECK_MSG(
		    spf_macro_is_domain(good[i], strlen(good[i])), "%s", good[i]);
	ATF_CHECK(!spf_macro_is_string("%{\0}", 4));
	ATF_CHECK(!spf_macro_is_string("%{d\0}", 5));
	ATF_CHECK(spf_macro_is_explanation("for %{c} see %{d}", 17));
	ATF_CHECK(!spf_macro_is_explanation("\xc3\xa4", 2));
}

ATF_TC_WITHOUT_HEAD(macros_are_found);
ATF_TC_BODY(macros_are_found, tc)
{
	ATF_CHECK(spf_macro_uses("a.%{P1r}", 8, "p"));
	ATF_CHECK(!spf_macro_uses("p%%p%{d}", 8, "p"));
	ATF_CHECK(!spf_macro_uses("%_%-%%", 6, "_-%"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, macros_are_expanded_as_the_rfc_shows);
	ATF_TP_ADD_TC(tp, what_is_malformed_is_seen);
	ATF_TP_ADD_TC(tp, macros_are_found);
	return atf_no_error();
}
