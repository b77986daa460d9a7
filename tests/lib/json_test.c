#include <atf-c.h>
#include <stralloc.h>

#include "lib/json.h"

static const char *
string(const char *s)
{
	static stralloc sa;

	sa.len = 0;
	json_put_string(&sa, s);
	stralloc_0(&sa);
	return sa.s;
}

ATF_TC_WITHOUT_HEAD(strings_are_escaped);
ATF_TC_BODY(strings_are_escaped, tc)
{
	ATF_CHECK_STREQ("\"\"", string(""));
	ATF_CHECK_STREQ("\"a@b.c\"", string("a@b.c"));
	ATF_CHECK_STREQ("\"\\\"\\\\\"", string("\"\\"));
	ATF_CHECK_STREQ("\"\\u000a\\u001b[0m\\u007f\"", string("\n\033[0m\177"));
	ATF_CHECK_STREQ("\"j\xc3\xb6rg\"", string("j\xc3\xb6rg"));
	ATF_CHECK_STREQ("\"\xe2\x82\xac\"", string("\xe2\x82\xac"));
	/* cut, too long, a surrogate */
	ATF_CHECK_STREQ("\"\\ufffd\"", string("\xc3"));
	ATF_CHECK_STREQ("\"\\ufffda\"", string("\xff"
					       "a"));
	ATF_CHECK_STREQ("\"\\ufffd\\ufffd\"", string("\xc0\xaf"));
	ATF_CHECK_STREQ("\"\\ufffd\\ufffd\\ufffd\"", string("\xed\xa0\x80"));
}

ATF_TC_WITHOUT_HEAD(members_have_names);
ATF_TC_BODY(members_have_names, tc)
{
	stralloc sa = {0};

	json_put_pair(&sa, "id", "x\ty");
	json_put_count(&sa, "n", 12);
	json_put_count(&sa, "less", -3);
	stralloc_0(&sa);
	ATF_CHECK_STREQ("\"id\":\"x\\u0009y\",\"n\":12,\"less\":0", sa.s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, strings_are_escaped);
	ATF_TP_ADD_TC(tp, members_have_names);
	return atf_no_error();
}
