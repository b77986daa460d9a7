#include <string.h>

#include <atf-c.h>
#include <stralloc.h>

#include "lib/base64.h"

ATF_TC_WITHOUT_HEAD(the_vectors_of_rfc_4648);
ATF_TC_BODY(the_vectors_of_rfc_4648, tc)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
	    {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "//79"}, {"\xfb\xef\xbe", "++++"}};
	stralloc sa = {0};
	char out[16];
	size_t i;

	for (i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		size_t len = strlen(pairs[i][1]);

		sa.len = 0;
		base64_put(&sa, pairs[i][0], strlen(pairs[i][0]));
		ATF_CHECK_EQ(len, sa.len);
		ATF_CHECK(len == 0 || memcmp(sa.s, pairs[i][1], len) == 0);
		ATF_CHECK_EQ(
		    (ssize_t)strlen(pairs[i][0]), base64_decode(out, pairs[i][1], len));
		ATF_CHECK(memcmp(out, pairs[i][0], strlen(pairs[i][0])) == 0);
	}
}

ATF_TC_WITHOUT_HEAD(what_is_malformed_is_refused);
ATF_TC_BODY(what_is_malformed_is_refused, tc)
{
	static const char *const bad[] = {"Z", "Zg", "Zg=", "Zg===", "=",
	    "==", "====", "Z===", "Zh==", "Zm9=", "Zg==Zg==", "Zm9v ", "Zm 9v", " Zm9",
	    "Zm9v\r\n", "Zm9*", "Zm-_", "Zm=v", "\xc3\xa4==",
	    "Zg=="
	    "="};
	char out[16];
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		ATF_CHECK_EQ_MSG(
		    -1, base64_decode(out, bad[i], strlen(bad[i])), "%s", bad[i]);
	ATF_CHECK_EQ(-1, base64_decode(out, "Zm9\0", 4));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_vectors_of_rfc_4648);
	ATF_TP_ADD_TC(tp, what_is_malformed_is_refused);
	return atf_no_error();
}
