#include <string.h>

#include <atf-c.h>

#include "dmarc/dmarc_record.h"
#include "dmarc/dmarc_uri.h"
#include "lib/text.h"

/* What is understood of s, as text; "no record" when it is none. */
static const char *
parsed(const char *s)
{
	static stralloc out;
	struct dmarc_record r;

	if (!dmarc_record_parse(&r, s, strlen(s)))
		return "no record";
	out.len = 0;
	text_cat(&out, dmarc_record_word(r.p), " ", dmarc_record_word(r.sp), " ",
	    dmarc_record_word(r.np), " ", r.is_testing ? "t" : "", (char *)NULL);
	text_catb(&out, &r.psd, 1);
	text_catb(&out, &r.adkim, 1);
	text_catb(&out, &r.aspf, 1);
	text_cat(&out, r.fo, r.is_broken ? " broken" : "", (char *)NULL);
	if (r.rua != NULL) {
		text_cat(&out, " ", (char *)NULL);
		text_catb(&out, r.rua, r.rua_len);
	}
	text_terminate(&out);
	return out.s;
}

/* The records of RFC 9989, B.2, and how the rest of 4.7 and 4.8 is to be read. */
ATF_TC_WITHOUT_HEAD(records_are_understood);
ATF_TC_BODY(records_are_understood, tc)
{
	static const char *const cases[][2] = {
	    {"v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com",
		"none   urr0 mailto:dmarc-feedback@example.com"},
	    {"v=DMARC1; p=quarantine; rua=mailto:dmarc-feedback@example.com,"
	     "mailto:tld-test@thirdparty.example.net; t=y",
		"quarantine   turr0 mailto:dmarc-feedback@example.com,"
		"mailto:tld-test@thirdparty.example.net"},
	    {"v=DMARC1;", "none   urr0"}, {"v=DMARC1", "none   urr0"},
	    {"v = DMARC1 ;p\t= reject ;", "reject   urr0"},
	    {"V=DMARC1;P=REJECT;sp=Quarantine;NP=none", "reject quarantine none urr0"},
	    {"v=DMARC1; psd=y; adkim=s; aspf=S; fo=d:s", "none   yssd:s"},
	    {"v=DMARC1; np=reject; p=none; psd=n; t=n", "none  reject nrr0"},
	    {"v=DMARC1; fo=1:S:d", "none   urr1:s:d"},
	    {"v=DMARC1; fo=d:0", "none   urrd:0"}, {"v=DMARC1; fo=0:1", "none   urr0"},
	    {"v=DMARC1; fo=d:d", "none   urr0"}, {"v=DMARC1; fo=1:", "none   urr0"},
	    {"v=DMARC1; fo=1:d:s:0", "none   urr0"},
	    {"v=DMARC1; psd=q; adkim=x; aspf=; t=yes; fo=2; p=reject", "reject   urr0"},
	    {"v=DMARC1; pct=50; ri=86400; rf=afrf; x-y=z; p=reject", "reject   urr0"},
	    {"v=DMARC1;;; = ; nonsense; p=reject", "reject   urr0"},
	    {"v=DMARC1; p=reject; p=none", "reject   urr0"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], parsed(cases[i][0]));
}

ATF_TC_WITHOUT_HEAD(what_is_no_record_is_told);
ATF_TC_BODY(what_is_no_record_is_told, tc)
{
	static const char *const cases[] = {"", ";", "v=DMARC2; p=none",
	    "v=dmarc1; p=none", "p=none; v=DMARC1", "v=DMARC1 p=none", "v=DMARC10",
	    "v=spf1 -all", " v=DMARC1; p=none", "x v=DMARC1"};
	static char long_one[DMARC_RECORD_MAX + 10];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ("no record", parsed(cases[i]));
	memset(long_one, ' ', sizeof long_one - 1);
	memcpy(long_one, "v=DMARC1;", 9);
	ATF_CHECK_STREQ("no record", parsed(long_one));
}

/* RFC 9989, 4.10.1 */
ATF_TC_WITHOUT_HEAD(a_policy_that_is_none_is_none_when_reports_are_wanted);
ATF_TC_BODY(a_policy_that_is_none_is_none_when_reports_are_wanted, tc)
{
	static const char *const cases[][2] = {
	    {"v=DMARC1; p=rejct", "none   urr0 broken"},
	    {"v=DMARC1; p=; rua=", "none   urr0 broken "},
	    {"v=DMARC1; p=reject; sp=x", "none   urr0 broken"},
	    {"v=DMARC1; p=reject; np=x; rua=nothing", "none   urr0 broken nothing"},
	    {"v=DMARC1; p=reject; sp=x; np=reject; rua=mailto:a@b",
		"none   urr0 mailto:a@b"},
	    {"v=DMARC1; p=no; rua=, https://a.example/x",
		"none   urr0 , https://a.example/x"},
	    {"v=DMARC1; p=no; rua=mailto:", "none   urr0 broken mailto:"},
	    {"v=DMARC1; p=no; rua=mailto:a b@c", "none   urr0 broken mailto:a b@c"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], parsed(cases[i][0]));
}

/* All addresses of list with a blank after each. */
static const char *
addresses(const char *list)
{
	static stralloc all;
	unsigned long long limit;
	char digits[DECIMAL_MAX];
	stralloc one = {0};
	size_t at = 0;

	all.len = 0;
	while (dmarc_uri_address(list, strlen(list), &at, &one, &limit)) {
		text_catb(&all, one.s, one.len);
		if (limit > 0)
			text_cat(&all, "<", text_decimal(digits, limit), (char *)NULL);
		text_cat(&all, " ", (char *)NULL);
	}
	text_terminate(&all);
	stralloc_free(&one);
	return all.s;
}

ATF_TC_WITHOUT_HEAD(addresses_of_reports_are_found);
ATF_TC_BODY(addresses_of_reports_are_found, tc)
{
	static const char *const cases[][2] = {{"mailto:a@b.example", "a@b.example "},
	    {" mailto:a@b , MAILTO:c@d!10m,mailto:e@f?subject=x",
		"a@b c@d<10485760 e@f "},
	    {"mailto:a@b!7,mailto:c@d!2k,mailto:e@f!1g,mailto:g@h!3t",
		"a@b<7 c@d<2048 e@f<1073741824 g@h<3298534883328 "},
	    {"mailto:a@b!,mailto:c@d!k,mailto:e@f!99999999999999t,mailto:g@h!1x",
		"a@b c@d e@f g@h "},
	    {"https://a.example/,mailto:a@b,,", "a@b "}, {"mailto:a%2Cb@c%21", ""},
	    {"mailto:a%2cb@c", ""}, {"mailto:a%2Bb@c", "a+b@c "}, {"mailto:a%2", ""},
	    {"mailto:a@b@c,mailto:@b,mailto:a", ""}, {"mailto:%0a@b", ""}, {"", ""},
	    {"mailto:a@b%00", ""}, {"mailto", ""}, {":a@b", ""}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], addresses(cases[i][0]));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, records_are_understood);
	ATF_TP_ADD_TC(tp, what_is_no_record_is_told);
	ATF_TP_ADD_TC(tp, a_policy_that_is_none_is_none_when_reports_are_wanted);
	ATF_TP_ADD_TC(tp, addresses_of_reports_are_found);
	return atf_no_error();
}
