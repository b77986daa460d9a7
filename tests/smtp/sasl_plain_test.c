#include <string.h>

#include <atf-c.h>

#include "smtp/sasl_plain.h"

#define PARSE(plain, s) sasl_plain_parse(plain, s, sizeof(s) - 1)

ATF_TC_WITHOUT_HEAD(three_parts);
ATF_TC_BODY(three_parts, tc)
{
	struct sasl_plain plain;

	ATF_REQUIRE(PARSE(&plain, "\0joe\0secret"));
	ATF_CHECK_STREQ("", plain.authorised);
	ATF_CHECK_STREQ("joe", plain.user);
	ATF_CHECK_STREQ("secret", plain.password);
	ATF_REQUIRE(PARSE(&plain, "tom\0joe\0 s "));
	ATF_CHECK_STREQ("tom", plain.authorised);
	ATF_CHECK_STREQ(" s ", plain.password);
}

ATF_TC_WITHOUT_HEAD(anything_else_is_refused);
ATF_TC_BODY(anything_else_is_refused, tc)
{
	struct sasl_plain plain;

	ATF_CHECK(!PARSE(&plain, ""));
	ATF_CHECK(!PARSE(&plain, "joe"));
	ATF_CHECK(!PARSE(&plain, "\0joe"));
	ATF_CHECK(!PARSE(&plain, "\0joe\0"));
	ATF_CHECK(!PARSE(&plain, "\0\0secret"));
	ATF_CHECK(!PARSE(&plain, "\0joe\0secret\0"));
	ATF_CHECK(!PARSE(&plain, "\0joe\0se\0cret"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, three_parts);
	ATF_TP_ADD_TC(tp, anything_else_is_refused);
	return atf_no_error();
}
