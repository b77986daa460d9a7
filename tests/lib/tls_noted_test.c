#include <string.h>

#include <atf-c.h>

#include "lib/tls_noted.h"

ATF_TC_WITHOUT_HEAD(days_have_names);
ATF_TC_BODY(days_have_names, tc)
{
	char name[TLS_NOTED_DAY_MAX];
	time_t begin;

	ATF_CHECK_STREQ("2026-11-30", tls_noted_day(name, 1796079599));
	ATF_CHECK_STREQ("2026-12-01", tls_noted_day(name, 1796083200));
	ATF_REQUIRE(tls_noted_is_day("2026-12-01", &begin));
	ATF_CHECK_EQ(1796083200, begin);
	ATF_CHECK(!tls_noted_is_day("2026-02-30", &begin));
	ATF_CHECK(!tls_noted_is_day("2026-12-1", &begin));
	ATF_CHECK(!tls_noted_is_day("2026/12/01", &begin));
	ATF_CHECK(!tls_noted_is_day("", &begin));
}

ATF_TC_WITHOUT_HEAD(lines_are_whole_or_nothing);
ATF_TC_BODY(lines_are_whole_or_nothing, tc)
{
	static const char sound[] = "1\tto.test\tsts\tid1\tmx.test\t192.0.2.1\t\t\t";
	const char *fields[TLS_NOTED_FIELDS];
	char line[200];

	strcpy(line, sound);
	ATF_REQUIRE(tls_noted_split(line, fields));
	ATF_CHECK_STREQ("to.test", fields[TLS_NOTED_DOMAIN]);
	ATF_CHECK_STREQ("192.0.2.1", fields[TLS_NOTED_IP]);
	ATF_CHECK_STREQ("", fields[TLS_NOTED_RESULT]);
	for (size_t len = 0; len < sizeof(sound) - 1; len++) {
		memcpy(line, sound, len);
		line[len] = '\0';
		ATF_CHECK(!tls_noted_split(line, fields));
		strcpy(line + len, sound);
		ATF_CHECK(len == 0 || !tls_noted_split(line, fields));
	}
	strcpy(line, "2\tto.test\tsts\tid1\tmx.test\t\t\t\t");
	ATF_CHECK(!tls_noted_split(line, fields));
	strcpy(line, "1\t../x\tsts\tid1\tmx.test\t\t\t\t");
	ATF_CHECK(!tls_noted_split(line, fields));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, days_have_names);
	ATF_TP_ADD_TC(tp, lines_are_whole_or_nothing);
	return atf_no_error();
}
