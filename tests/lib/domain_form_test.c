#include <string.h>

#include <atf-c.h>

#include "lib/domain_form.h"
#include "lib/punycode.h"
#include "lib/text.h"

/* RFC 3492, 7.1, and domains in use */
static const struct {
	const char *u;
	const char *a;
} pairs[] = {
    {"bücher.example", "xn--bcher-kva.example"},
    {"mail.grüße.test", "mail.xn--gre-6ka8l.test"},
    {"他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"},
    {"почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"},
    {"3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"},
    {"ü", "xn--tda"},
    {"例え.テスト", "xn--r8jz45g.xn--zckzah"},
    {"a.😀.b", "a.xn--e28h.b"},
};

ATF_TC_WITHOUT_HEAD(labels_have_two_forms);
ATF_TC_BODY(labels_have_two_forms, tc)
{
	stralloc sa = {0};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		sa.len = 0;
		ATF_CHECK_EQ(1, domain_form_other(&sa, pairs[i].u, strlen(pairs[i].u)));
		text_terminate(&sa);
		ATF_CHECK_STREQ(pairs[i].a, sa.s);
		sa.len = 0;
		ATF_CHECK_EQ(1, domain_form_other(&sa, pairs[i].a, strlen(pairs[i].a)));
		text_terminate(&sa);
		ATF_CHECK_STREQ(pairs[i].u, sa.s);
	}
	stralloc_free(&sa);
}

ATF_TC_WITHOUT_HEAD(others_have_but_one);
ATF_TC_BODY(others_have_but_one, tc)
{
	static const char *const single[] = {"", "example.test", "axn--bcher-kva.test",
	    "xn--", "xn--\xff", "xn--99999999",
	    /* 64 bytes in the other form */
	    "wauthantication-resation-results\xde\x85-resultthayaattuahcatio.test",
	    "b\xfc"
	    "cher.test",
	    "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.test"};
	stralloc sa = {0};
	size_t i;

	text_cat(&sa, "kept", (char *)NULL);
	for (i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
		ATF_CHECK_EQ_MSG(0, domain_form_other(&sa, single[i], strlen(single[i])),
		    "%s", single[i]);
		ATF_CHECK_EQ(4, sa.len);
	}
	stralloc_free(&sa);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, labels_have_two_forms);
	ATF_TP_ADD_TC(tp, others_have_but_one);
	return atf_no_error();
}
