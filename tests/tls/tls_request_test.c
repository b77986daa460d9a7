#include <string.h>

#include <atf-c.h>

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
	ATF_CHECK_EQ(TLS_VERIFY_NONE, r.verify);
	ATF_CHECK(!r.has_passed_clear);
	ATF_REQUIRE_EQ(NULL, PARSE(&r, "side=client\0clear=passed\0"));
	ATF_CHECK(r.has_passed_clear);
	ATF_CHECK(PARSE(&r, "side=server\0clear=passed\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0clear=none\0") != NULL);
}

#define HEX_64 "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"

ATF_TC_WITHOUT_HEAD(a_server_is_judged_by_what_is_said);
ATF_TC_BODY(a_server_is_judged_by_what_is_said, tc)
{
	struct tls_request r;

	ATF_REQUIRE_EQ(
	    NULL, PARSE(&r, "side=client\0verify=pkix\0match=a.test\0match=b.test\0"
			    "min=1.3\0session=a key\0"));
	ATF_CHECK_EQ(TLS_VERIFY_PKIX, r.verify);
	ATF_REQUIRE_EQ(2, r.matches_n);
	ATF_CHECK_STREQ("a.test", r.matches[0]);
	ATF_CHECK_STREQ("b.test", r.matches[1]);
	ATF_CHECK(r.needs_1_3);
	ATF_CHECK_STREQ("a key", r.session);
	ATF_REQUIRE_EQ(NULL, PARSE(&r, "side=client\0verify=dane\0servername=a.test\0"
				       "tlsa=3 1 1 00ff\0tlsa=255 0 2 aB\0"));
	ATF_REQUIRE_EQ(2, r.records_n);
	ATF_CHECK_EQ(3, r.records[0].usage);
	ATF_CHECK_EQ(1, r.records[0].selector);
	ATF_CHECK_EQ(1, r.records[0].type);
	ATF_CHECK_STREQ("00ff", r.records[0].hex);
	ATF_CHECK_EQ(255, r.records[1].usage);
	ATF_REQUIRE_EQ(
	    NULL, PARSE(&r, "side=client\0verify=fingerprint\0fingerprint=" HEX_64 "\0"));
	ATF_REQUIRE_EQ(1, r.fingerprints_n);
	ATF_CHECK_STREQ(HEX_64, r.fingerprints[0]);
}

ATF_TC_WITHOUT_HEAD(nothing_to_judge_by_is_no_judgement);
ATF_TC_BODY(nothing_to_judge_by_is_no_judgement, tc)
{
	struct tls_request r;

	ATF_CHECK(PARSE(&r, "side=client\0verify=pkix\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0verify=dane\0tlsa=3 1 1 00\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0verify=dane\0servername=a.test\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0verify=fingerprint\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0verify=\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0match=.a.test\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0match=\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0min=1.1\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0session=\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0tlsa=3 1 1\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0tlsa=3 1 1 \0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0tlsa=3 1 1 0\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0tlsa=3 1 1 0g\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0tlsa=3 1 256 00\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0tlsa=3  1 1 00\0") != NULL);
	ATF_CHECK(PARSE(&r, "side=client\0fingerprint=0011\0") != NULL);
}

ATF_TC_WITHOUT_HEAD(there_is_an_end_to_what_is_taken);
ATF_TC_BODY(there_is_an_end_to_what_is_taken, tc)
{
	char s[TLS_REQUEST_MAX] = "side=client";
	struct tls_request r;
	size_t at = sizeof("side=client"), i;

	for (i = 0; i < TLS_MATCHES; i++)
		at = (size_t)(stpcpy(s + at, "match=a.test") - s) + 1;
	ATF_CHECK_EQ(NULL, tls_request_parse(&r, s, at));
	at = (size_t)(stpcpy(s + at, "match=a.test") - s) + 1;
	ATF_CHECK(tls_request_parse(&r, s, at) != NULL);
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

ATF_TC_WITHOUT_HEAD(tickets_can_be_declined);
ATF_TC_BODY(tickets_can_be_declined, tc)
{
	struct tls_request r;

	ATF_REQUIRE_EQ(NULL, PARSE(&r, "side=server\0tickets=no\0"));
	ATF_CHECK(r.no_tickets);
	ATF_REQUIRE_EQ(NULL, PARSE(&r, "side=server\0tickets=yes\0"));
	ATF_CHECK(!r.no_tickets);
	ATF_REQUIRE_EQ(NULL, PARSE(&r, "side=server\0"));
	ATF_CHECK(!r.no_tickets);
	ATF_CHECK(PARSE(&r, "side=server\0tickets=\0") != NULL);
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
	ATF_TP_ADD_TC(tp, a_server_is_judged_by_what_is_said);
	ATF_TP_ADD_TC(tp, nothing_to_judge_by_is_no_judgement);
	ATF_TP_ADD_TC(tp, there_is_an_end_to_what_is_taken);
	ATF_TP_ADD_TC(tp, the_side_is_all_that_is_needed);
	ATF_TP_ADD_TC(tp, tickets_can_be_declined);
	ATF_TP_ADD_TC(tp, nonsense_is_refused);
	ATF_TP_ADD_TC(tp, long_names_are_refused);
	return atf_no_error();
}
