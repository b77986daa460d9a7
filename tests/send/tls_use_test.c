#include <string.h>

#include <atf-c.h>

#include "send/tls_use.h"

#define LEARN(use, s) tls_use_learn(use, s, sizeof(s) - 1)

ATF_TC_WITHOUT_HEAD(what_is_used_is_learned);
ATF_TC_BODY(what_is_used_is_learned, tc)
{
	struct tls_use use = {.result = "validation-failure"};
	char text[TLS_USE_TEXT_MAX];

	ATF_REQUIRE(
	    LEARN(&use, "TLS_VERSION=TLSv1.3\0TLS_CIPHER=TLS_AES_256_GCM_SHA384\0"
			"TLS_GROUP=x25519\0TLS_VERIFIED=dane\0TLS_RESUMED=1\0"
			"TLS_EXPORTER=00ff\0TLS_PEER_NAMES=a.test,b.test\0TLS_NEW=1\0"));
	ATF_CHECK(use.is_on);
	ATF_CHECK(use.is_resumed);
	ATF_CHECK_STREQ("00ff", use.exporter);
	ATF_CHECK_STREQ("a.test,b.test", use.names);
	tls_use_text(&use, text);
	ATF_CHECK_STREQ("TLSv1.3 TLS_AES_256_GCM_SHA384 x25519 verified=dane", text);
	tls_use_end(&use);
	ATF_CHECK(!use.is_on);
	ATF_CHECK_STREQ("validation-failure", use.result);
	tls_use_text(&use, text);
	ATF_CHECK_STREQ("none", text);
}

ATF_TC_WITHOUT_HEAD(half_an_answer_is_none);
ATF_TC_BODY(half_an_answer_is_none, tc)
{
	struct tls_use use = {0};

	ATF_CHECK(!LEARN(&use, ""));
	ATF_CHECK(!LEARN(&use, "TLS_VERSION=TLSv1.3\0TLS_CIPHER=x\0"));
	ATF_CHECK(!LEARN(&use, "TLS_VERSION=TLSv1.3\0TLS_VERIFIED=pkix\0"));
	ATF_CHECK(!LEARN(&use, "TLS_CIPHER=x\0TLS_VERIFIED=pkix\0TLS_VERSION=\0"));
	ATF_CHECK(!use.is_on);
	ATF_CHECK_STREQ("", use.verified);
}

ATF_TC_WITHOUT_HEAD(long_values_are_cut);
ATF_TC_BODY(long_values_are_cut, tc)
{
	char s[2000], text[TLS_USE_TEXT_MAX];
	struct tls_use use = {0};
	size_t at = 0;

	for (size_t i = 0; i < 4; i++) {
		static const char *const names[] = {
		    "TLS_VERSION=", "TLS_CIPHER=", "TLS_GROUP=", "TLS_VERIFIED="};

		at = (size_t)(stpcpy(s + at, names[i]) - s);
		memset(s + at, 'x', 400);
		at += 400;
		s[at++] = '\0';
	}
	ATF_CHECK(tls_use_learn(&use, s, at));
	ATF_CHECK_EQ(sizeof use.cipher - 1, strlen(use.cipher));
	tls_use_text(&use, text);
	ATF_CHECK(strlen(text) < sizeof text);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_used_is_learned);
	ATF_TP_ADD_TC(tp, half_an_answer_is_none);
	ATF_TP_ADD_TC(tp, long_values_are_cut);
	return atf_no_error();
}
