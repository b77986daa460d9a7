#include <string.h>

#include <atf-c.h>

#include "lib/control_unit.h"

static void
check(enum control_unit unit, const char *s, long long expected)
{
	unsigned long long n = 12345;
	int r = control_unit_scan(unit, s, strlen(s), 1ULL << 62, &n);

	ATF_CHECK_EQ_MSG(expected != -1, r, "%s", s);
	ATF_CHECK_EQ_MSG(
	    expected != -1 ? (unsigned long long)expected : 12345, n, "%s", s);
}

ATF_TC_WITHOUT_HEAD(bytes_have_kibi_and_so_on);
ATF_TC_BODY(bytes_have_kibi_and_so_on, tc)
{
	check(CONTROL_UNIT_BYTES, "0", 0);
	check(CONTROL_UNIT_BYTES, "52428800", 52428800);
	check(CONTROL_UNIT_BYTES, "50M", 52428800);
	check(CONTROL_UNIT_BYTES, "1k", 1024);
	check(CONTROL_UNIT_BYTES, "1K", 1024);
	check(CONTROL_UNIT_BYTES, "2G", 2147483648LL);
	check(CONTROL_UNIT_BYTES, "4294967296G", 1LL << 62);
	check(CONTROL_UNIT_BYTES, "4294967297G", -1);
	check(CONTROL_UNIT_BYTES, "M", -1);
	check(CONTROL_UNIT_BYTES, "", -1);
	check(CONTROL_UNIT_BYTES, "1MB", -1);
	check(CONTROL_UNIT_BYTES, "1 M", -1);
	check(CONTROL_UNIT_BYTES, "7d", -1);
	check(CONTROL_UNIT_BYTES, "-1", -1);
}

ATF_TC_WITHOUT_HEAD(times_have_minutes_and_so_on);
ATF_TC_BODY(times_have_minutes_and_so_on, tc)
{
	check(CONTROL_UNIT_SECONDS, "90", 90);
	check(CONTROL_UNIT_SECONDS, "90s", 90);
	check(CONTROL_UNIT_SECONDS, "5m", 300);
	check(CONTROL_UNIT_SECONDS, "4h", 14400);
	check(CONTROL_UNIT_SECONDS, "7d", 604800);
	check(CONTROL_UNIT_SECONDS, "1w", 604800);
	check(CONTROL_UNIT_SECONDS, "5M", -1);
	check(CONTROL_UNIT_SECONDS, "h", -1);
	check(CONTROL_UNIT_NONE, "5m", -1);
	check(CONTROL_UNIT_NONE, "5", 5);
}

ATF_TC_WITHOUT_HEAD(files_have_their_units);
ATF_TC_BODY(files_have_their_units, tc)
{
	ATF_CHECK_EQ(CONTROL_UNIT_BYTES, control_unit_of("quota"));
	ATF_CHECK_EQ(CONTROL_UNIT_SECONDS, control_unit_of("control/queuelifetime"));
	ATF_CHECK_EQ(CONTROL_UNIT_NONE, control_unit_of("concurrencylocal"));
	ATF_CHECK(strstr(control_unit_wrong(CONTROL_UNIT_BYTES), "of bytes") != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bytes_have_kibi_and_so_on);
	ATF_TP_ADD_TC(tp, times_have_minutes_and_so_on);
	ATF_TP_ADD_TC(tp, files_have_their_units);
	return atf_no_error();
}
