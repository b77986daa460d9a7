#include <string.h>

#include <atf-c.h>

#include "lib/tlsa_record.h"

static stralloc records;

static int
put(const char *head, size_t len)
{
	unsigned char data[3 + TLSA_RECORD_DATA_MAX + 1];

	memset(data, 0xab, sizeof(data));
	memcpy(data, head, 3);
	records.len = 0;
	return tlsa_record_put(&records, data, len);
}

ATF_TC_WITHOUT_HEAD(usable_ones_are_written_down);
ATF_TC_BODY(usable_ones_are_written_down, tc)
{
	ATF_REQUIRE_EQ(1, put("\3\1\1", 35));
	ATF_CHECK_EQ(6 + 64 + 1, records.len);
	ATF_CHECK_STREQ(
	    "3 1 1 abababababababababababababababababababababababababababababababab",
	    records.s);
	ATF_REQUIRE_EQ(1, put("\2\0\2", 67));
	ATF_CHECK_EQ(6 + 128 + 1, records.len);
	ATF_REQUIRE_EQ(1, put("\2\1\0", 5));
	ATF_CHECK_STREQ("2 1 0 abab", records.s);
	ATF_CHECK_EQ(1, put("\2\1\0", 3 + TLSA_RECORD_DATA_MAX));
}

ATF_TC_WITHOUT_HEAD(others_are_not);
ATF_TC_BODY(others_are_not, tc)
{
	ATF_CHECK_EQ(0, put("\0\1\1", 35)); /* PKIX-TA, PKIX-EE: RFC 7672, 3.1.3 */
	ATF_CHECK_EQ(0, put("\1\1\1", 35));
	ATF_CHECK_EQ(0, put("\4\1\1", 35));
	ATF_CHECK_EQ(0, put("\3\2\1", 35));
	ATF_CHECK_EQ(0, put("\3\1\3", 35));
	ATF_CHECK_EQ(0, put("\3\1\1", 34));
	ATF_CHECK_EQ(0, put("\3\1\2", 35));
	ATF_CHECK_EQ(0, put("\3\1\0", 3));
	ATF_CHECK_EQ(0, put("\3\1\0", 3 + TLSA_RECORD_DATA_MAX + 1));
	ATF_CHECK_EQ(0, put("\3\1\1", 2));
	ATF_CHECK_EQ(0, records.len);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, usable_ones_are_written_down);
	ATF_TP_ADD_TC(tp, others_are_not);
	return atf_no_error();
}
