#include <string.h>

#include <atf-c.h>

#include "lib/gzip.h"

ATF_TC_WITHOUT_HEAD(what_is_packed_is_unpacked);
ATF_TC_BODY(what_is_packed_is_unpacked, tc)
{
	static const char text[] = "again and again and again and again and again";
	stralloc packed = {0}, again = {0};

	ATF_REQUIRE_EQ(0, gzip_pack(&packed, text, sizeof(text) - 1));
	ATF_CHECK(packed.len > 2 && memcmp(packed.s, "\x1f\x8b", 2) == 0);
	ATF_REQUIRE_EQ(0, gzip_unpack(&again, packed.s, packed.len, 0, sizeof(text)));
	ATF_CHECK(again.len == sizeof(text) - 1 && memcmp(again.s, text, again.len) == 0);
	again.len = 0;
	ATF_CHECK_EQ(-1, gzip_unpack(&again, packed.s, packed.len, 0, 10));
	ATF_CHECK_EQ(-1, gzip_unpack(&again, packed.s, packed.len - 9, 0, 100));
	ATF_CHECK_EQ(-1, gzip_unpack(&again, text, sizeof(text), 0, 100));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_packed_is_unpacked);
	return atf_no_error();
}
