#include <string.h>

#include <atf-c.h>

#include "dkim/key_record.h"

static struct key_record record;

static const char *
parse(const char *s)
{
	const char *wrong = key_record_parse(&record, s, strlen(s));

	return wrong != NULL ? wrong : "";
}

ATF_TC_WITHOUT_HEAD(takes_keys);
ATF_TC_BODY(takes_keys, tc)
{
	ATF_REQUIRE_STREQ("", parse("v=DKIM1; k=rsa; p=AAEC AwQF"));
	ATF_CHECK_EQ(KEY_RECORD_RSA, record.kind);
	ATF_CHECK_EQ(6, record.len);
	ATF_CHECK(memcmp(record.bytes, "\0\1\2\3\4\5", 6) == 0);
	ATF_CHECK(!record.is_testing && !record.is_strict);
	ATF_REQUIRE_STREQ("", parse("p=AAEC; k=ed25519; t=y:s; h=sha1 : sha256; "
				    "s=tlsrpt:email; n=what for; z=1;"));
	ATF_CHECK_EQ(KEY_RECORD_ED25519, record.kind);
	ATF_CHECK(record.is_testing && record.is_strict);
	ATF_CHECK_STREQ("", parse("p=AAEC;s=*"));
	ATF_CHECK(!record.is_testing && !record.is_strict);
}

ATF_TC_WITHOUT_HEAD(says_what_is_wrong);
ATF_TC_BODY(says_what_is_wrong, tc)
{
	static const char *const cases[][2] = {
	    {"", "the key record is malformed"},
	    {"v=spf1 -all", "the record is no key"},
	    {"p=AAEC; v=DKIM1", "the record is no key"},
	    {"v=DKIM2; p=AAEC", "the record is no key"},
	    {"v=DKIM1; p=AAEC; p=AAEC", "the key record is malformed"},
	    {"v=DKIM1; k=dsa; p=AAEC", "the key is of an unknown kind"},
	    {"v=DKIM1; k=; p=AAEC", "the key is of an unknown kind"},
	    {"v=DKIM1; h=sha1; p=AAEC", "the key is not for SHA-256"},
	    {"v=DKIM1; s=other; p=AAEC", "the key is not for mail"},
	    {"v=DKIM1; p=", "the key is revoked"},
	    {"v=DKIM1; p= ;", "the key is revoked"},
	    {"v=DKIM1", "the record has no key"},
	    {"v=DKIM1; p=AAE", "the key is malformed"},
	    {"v=DKIM1; p=*", "the key is malformed"},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], parse(cases[i][0]));
}

ATF_TC_WITHOUT_HEAD(bounds_the_key);
ATF_TC_BODY(bounds_the_key, tc)
{
	static char s[9000] = "p=";
	size_t i;

	for (i = 2; i < 2 + KEY_RECORD_BYTES_MAX / 3 * 4; i++)
		s[i] = 'A';
	ATF_CHECK_STREQ("", parse(s));
	for (; i < 8000; i++)
		s[i] = 'A';
	ATF_CHECK_STREQ("the key is too long", parse(s));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, takes_keys);
	ATF_TP_ADD_TC(tp, says_what_is_wrong);
	ATF_TP_ADD_TC(tp, bounds_the_key);
	return atf_no_error();
}
