#include <string.h>

#include <atf-c.h>
#include <stralloc.h>

#include "lib/scram_keys.h"

#define KEY "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
#define GOOD "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" KEY ":" KEY

ATF_TC_WITHOUT_HEAD(keys_are_written_as_they_are_read);
ATF_TC_BODY(keys_are_written_as_they_are_read, tc)
{
	struct scram scram;
	stralloc sa = {0};

	ATF_REQUIRE(scram_keys_scan(&scram, GOOD, strlen(GOOD)));
	ATF_CHECK_EQ(4096, scram.iterations);
	ATF_CHECK_EQ(16, scram.salt_len);
	scram_keys_put(&sa, &scram);
	ATF_CHECK(sa.len == strlen(GOOD) && memcmp(sa.s, GOOD, sa.len) == 0);
}

ATF_TC_WITHOUT_HEAD(malformed_keys_are_none);
ATF_TC_BODY(malformed_keys_are_none, tc)
{
	static const char *const bad[] = {"", "SCRAM-SHA-256$",
	    "SCRAM-SHA-1$4096:W22Z$" KEY, "SCRAM-SHA-256$0:W22Z$" KEY ":" KEY,
	    "SCRAM-SHA-256$x:W22Z$" KEY ":" KEY,
	    "SCRAM-SHA-256$99999999999:W22Z$" KEY ":" KEY,
	    "SCRAM-SHA-256$1:$" KEY ":" KEY, "SCRAM-SHA-256$1:W22Z$" KEY,
	    "SCRAM-SHA-256$1:W22Z$" KEY ":", "SCRAM-SHA-256$1:W22Z$" KEY ":W22Z",
	    "SCRAM-SHA-256$1:W22Z$" KEY ":" KEY ":", "SCRAM-SHA-256$1:W22Z$W22Z:" KEY,
	    "SCRAM-SHA-256$1:W22Z:" KEY ":" KEY};
	struct scram scram;
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		ATF_CHECK_MSG(
		    !scram_keys_scan(&scram, bad[i], strlen(bad[i])), "%s", bad[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, keys_are_written_as_they_are_read);
	ATF_TP_ADD_TC(tp, malformed_keys_are_none);
	return atf_no_error();
}
