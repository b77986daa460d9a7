#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/credentials.h"

static struct credentials credentials;

#define PARSE(s) credentials_parse(&credentials, s, sizeof(s) - 1)

ATF_TC_WITHOUT_HEAD(name_password_and_time_are_told_apart);
ATF_TC_BODY(name_password_and_time_are_told_apart, tc)
{
	ATF_REQUIRE(PARSE("joe\0a b\0"
			  "1763900000\0"));
	ATF_CHECK_STREQ("joe", credentials.user);
	ATF_CHECK_STREQ("a b", credentials.password);
	ATF_CHECK_STREQ("1763900000", credentials.timestamp);
	ATF_CHECK_STREQ("", credentials.client);
	ATF_REQUIRE(PARSE("joe\0p\0\0"));
	ATF_CHECK_STREQ("", credentials.timestamp);
	ATF_REQUIRE(PARSE("\0\0\0"));
	ATF_CHECK_STREQ("", credentials.user);
	ATF_CHECK_STREQ("", credentials.password);
}

ATF_TC_WITHOUT_HEAD(a_client_may_follow);
ATF_TC_BODY(a_client_may_follow, tc)
{
	ATF_REQUIRE(PARSE("joe\0p\0t\0"
			  "192.0.2.1\0more"));
	ATF_CHECK_STREQ("t", credentials.timestamp);
	ATF_CHECK_STREQ("192.0.2.1", credentials.client);
}

ATF_TC_WITHOUT_HEAD(a_time_that_does_not_end_is_none);
ATF_TC_BODY(a_time_that_does_not_end_is_none, tc)
{
	ATF_REQUIRE(PARSE("joe\0p\0"));
	ATF_CHECK_STREQ("", credentials.timestamp);
	ATF_REQUIRE(PARSE("joe\0p\0time"));
	ATF_CHECK_STREQ("", credentials.timestamp);
	ATF_CHECK_STREQ("", credentials.client);
}

ATF_TC_WITHOUT_HEAD(a_name_or_password_that_does_not_end_is_malformed);
ATF_TC_BODY(a_name_or_password_that_does_not_end_is_malformed, tc)
{
	ATF_CHECK(!PARSE(""));
	ATF_CHECK(!PARSE("joe"));
	ATF_CHECK(!PARSE("joe\0"));
	ATF_CHECK(!PARSE("joe\0pass"));
}

ATF_TC_WITHOUT_HEAD(what_is_put_parses);
ATF_TC_BODY(what_is_put_parses, tc)
{
	struct credentials credentials;
	stralloc sa = {0};

	setenv("TCPREMOTEIP", "192.0.2.1", 1);
	ATF_REQUIRE(credentials_put(&sa, "joe", ""));
	ATF_REQUIRE(credentials_parse(&credentials, sa.s, sa.len));
	ATF_CHECK_STREQ("joe", credentials.user);
	ATF_CHECK_STREQ("", credentials.password);
	ATF_CHECK(credentials.timestamp[0] >= '1');
	ATF_CHECK_STREQ("192.0.2.1", credentials.client);
	unsetenv("TCPREMOTEIP");
	sa.len = 0;
	ATF_REQUIRE(credentials_put(&sa, "joe", "p"));
	ATF_REQUIRE(credentials_parse(&credentials, sa.s, sa.len));
	ATF_CHECK_STREQ("p", credentials.password);
	ATF_CHECK_STREQ("", credentials.client);
}

ATF_TC_WITHOUT_HEAD(there_is_a_limit);
ATF_TC_BODY(there_is_a_limit, tc)
{
	char password[2 * CREDENTIALS_MAX];
	stralloc sa = {0};
	size_t len, last = 0;

	for (len = 0; len < sizeof(password); len++) {
		memset(password, 'p', len);
		password[len] = '\0';
		sa.len = 0;
		if (credentials_put(&sa, "joe", password))
			last = sa.len;
		else
			ATF_CHECK_EQ(0, sa.len);
	}
	ATF_CHECK_EQ(CREDENTIALS_MAX, last);
}

/* A null byte at the beginning would be a question of SCRAM. */
ATF_TC_WITHOUT_HEAD(nobody_has_no_credentials);
ATF_TC_BODY(nobody_has_no_credentials, tc)
{
	stralloc sa = {0};

	ATF_CHECK(!credentials_put(&sa, "", "SCRAM-SHA-256"));
	ATF_CHECK_EQ(0, sa.len);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, name_password_and_time_are_told_apart);
	ATF_TP_ADD_TC(tp, a_client_may_follow);
	ATF_TP_ADD_TC(tp, a_time_that_does_not_end_is_none);
	ATF_TP_ADD_TC(tp, a_name_or_password_that_does_not_end_is_malformed);
	ATF_TP_ADD_TC(tp, what_is_put_parses);
	ATF_TP_ADD_TC(tp, there_is_a_limit);
	ATF_TP_ADD_TC(tp, nobody_has_no_credentials);
	return atf_no_error();
}
