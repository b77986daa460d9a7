#include <string.h>
#include <time.h>

#include <atf-c.h>
#include <fmt.h>
#include <scan.h>

/*
 * libowfat 0.32 calls functions pure that write through pointers, so that the compiler
 * leaves out a call whose result nobody looks at.  -Dpure= in conf-cc is the cure;
 * without it these fail, from -O1 on.
 */

ATF_TC_WITHOUT_HEAD(what_is_formatted_is_written);
ATF_TC_BODY(what_is_formatted_is_written, tc)
{
	char buf[40] = "untouched";

	fmt_ulong(buf, 42);
	ATF_CHECK(memcmp(buf, "42", 2) == 0);
	fmt_xlong(buf, 0xabc);
	ATF_CHECK(memcmp(buf, "abc", 3) == 0);
	fmt_str(buf, "some text");
	ATF_CHECK(memcmp(buf, "some text", 9) == 0);
	fmt_ulonglong(buf, 18446744073709551615ull);
	ATF_CHECK(memcmp(buf, "18446744073709551615", 20) == 0);
}

ATF_TC_WITHOUT_HEAD(what_is_scanned_is_written);
ATF_TC_BODY(what_is_scanned_is_written, tc)
{
	unsigned long long length = 7;
	uint32_t c = 7;
	time_t t = 7;

	scan_utf8("\xc3\xa9", 2, &c);
	ATF_CHECK_EQ(0xe9, c);
	scan_asn1derlength("\x01x", 2, &length);
	ATF_CHECK_EQ(1, length);
	scan_httpdate("Thu, 01 Jan 1970 00:00:42 GMT", &t);
	ATF_CHECK_EQ(42, t);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_formatted_is_written);
	ATF_TP_ADD_TC(tp, what_is_scanned_is_written);
	return atf_no_error();
}
