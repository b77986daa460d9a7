#include <atf-c.h>
#include <string.h>

#include "tls/tls_request.h"

/* Parse a literal, its last \0 not counted. */
#define PARSE(request, s) tls_request_parse(request, s, sizeof(s) - 1)

ATF_TC_WITHOUT_HEAD(all_records_are_understood);
ATF_TC_BODY(all_records_are_understood, tc)
{
	struct tls_request r;

	ATF_REQUIRE_EQ(NULL, PARSE(&r, "side=client\0timeout=7\0alpn=smtp\0"
				       "servername=mx.test\0verify=none\0"));
	ATF_CHECK_EQ(TLS_SIDE_CLIENT, r.side);
	ATF_CHECK_EQ(7, r.timeout);
	ATF_CHECK_STREQ("smtp", r.alpn);
	ATF_CHECK_STREQ("mx.test", r.servername);
	ATF_CHECK_STREQ("none", r.verify);
}

ATF_TC_WITHOUT_HEAD(the_side_is_all_that_is_needed);
ATF_TC_BODY(the_side_is_all_that_is_needed, tc)
{
	struct tls_request r;

	ATF_REQUIRE_EQ(NULL, PARSE(&r, "side=server\0"));
	ATF_CHECK_EQ(TLS_SIDE_SERVER, r.side);
	ATF_CHECK_EQ(TLS_TIMEOUT_DEFAULT, r.timeout);
	ATF_CHECK_EQ(NULL, r.alpn);
	ATF_CHECK_STREQ("no side", PARSE(&r, "timeout=7\0"));
}

ATF_TC_WITHOUT_HEAD(nonsense_is_refused);
ATF_TC_BODY(nonsense_is_refused, tc)
{
	struct tls_request r;

	ATF_CHECK(PARSE(&r, "") != NULL);
	ATF_CHECK(PARSE(&r, "side=server") != NULL);
	ATF_CHECK(PARSE(&r, "side=both\0") != NULL);
	ATF_CHECK(PARSE(&r, "side\0") != NULL);
	ATF_CHECK(PARSE(&r, "\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=server\0timeout=0\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=server\0timeout=601\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=server\0timeout=\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=server\0alpn=\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=server\0Side=server\0") != NULL);
	ATF_CHECK_STREQ("unknown parameter", PARSE(&r, "side=server\0dane=1\0"));
}

ATF_TC_WITHOUT_HEAD(long_names_are_refused);
ATF_TC_BODY(long_names_are_refused, tc)
{
	char s[400] = "side=server\0servername=";
	size_t begun = sizeof("side=server\0servername=") - 1;
	struct tls_request r;

	memset(s + begun, 'a', TLS_NAME_MAX + 1);
	ATF_CHECK(tls_request_parse(&r, s, begun + TLS_NAME_MAX + 2) != NULL);
	s[begun + TLS_NAME_MAX] = '\0';
	ATF_CHECK_EQ(NULL, tls_request_parse(&r, s, begun + TLS_NAME_MAX + 1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_records_are_understood);
	ATF_TP_ADD_TC(tp, the_side_is_all_that_is_needed);
	ATF_TP_ADD_TC(tp, nonsense_is_refused);
	ATF_TP_ADD_TC(tp, long_names_are_refused);
	return atf_no_error();
}
