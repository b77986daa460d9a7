#include <string.h>

#include <atf-c.h>

#include "lib/reporter.h"
#include "lib/text.h"

static const char *
scanned(const char *s)
{
	static stralloc out;
	struct reporter reporter;

	if (!reporter_scan(&reporter, s, strlen(s)))
		return "malformed";
	out.len = 0;
	text_catb(&out, reporter.name, reporter.name_len);
	if (reporter.address != NULL) {
		text_cat(&out, "|", (char *)NULL);
		text_catb(&out, reporter.address, reporter.address_len);
	}
	text_terminate(&out);
	return out.s;
}

ATF_TC_WITHOUT_HEAD(names_may_have_addresses);
ATF_TC_BODY(names_may_have_addresses, tc)
{
	static const char *const cases[][2] = {{"Example", "Example"},
	    {"Example Ltd.", "Example Ltd."},
	    {"Example Ltd. <d@e.test>", "Example Ltd.|d@e.test"},
	    {"B\xc3\xbc"
	     "cher<d@e.test>",
		"B\xc3\xbc"
		"cher|d@e.test"},
	    {"", "malformed"}, {"<d@e.test>", "malformed"}, {"x <d>", "malformed"},
	    {"x <", "malformed"}, {"x <d@e.test", "malformed"},
	    {"x <d@e.test> y", "malformed"}, {"x\ty", "malformed"},
	    {"x\xff", "malformed"}, {"x >", "x >"}, {"x <>", "malformed"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], scanned(cases[i][0]));
}

ATF_TC_WITHOUT_HEAD(a_name_goes_into_quotes_or_not_at_all);
ATF_TC_BODY(a_name_goes_into_quotes_or_not_at_all, tc)
{
	static const char *const cases[][2] = {
	    {"A \"B\" \\", "From: \"A \\\"B\\\" \\\\\" <a@b>\n"},
	    {"J\xc3\xb6rg", "From: <a@b>\n"}};
	stralloc field = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		field.len = 0;
		reporter_put_from(&field, cases[i][0], "a@b");
		text_terminate(&field);
		ATF_CHECK_STREQ(cases[i][1], field.s);
	}
	stralloc_free(&field);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, names_may_have_addresses);
	ATF_TP_ADD_TC(tp, a_name_goes_into_quotes_or_not_at_all);
	return atf_no_error();
}
