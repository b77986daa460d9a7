#include <string.h>

#include <atf-c.h>

#include "queue/header.h"

#define GOOD "facteur1 00000000000000000015 00000000000000000044             \n"

ATF_TC_WITHOUT_HEAD(what_is_written_is_read);
ATF_TC_BODY(what_is_written_is_read, tc)
{
	struct header h = {15, 44}, again = {0};
	char buf[HEADER_LEN + 1] = {0};

	header_format(buf, &h);
	ATF_CHECK_STREQ(GOOD, buf);
	ATF_REQUIRE(header_parse(&again, buf, 64 + 15 + 44));
	ATF_CHECK_EQ(15, again.message);
	ATF_CHECK_EQ(44, again.envelope);
	ATF_CHECK_EQ(64 + 15 + 44, header_end(&again));
}

ATF_TC_WITHOUT_HEAD(a_file_shorter_than_promised_is_none);
ATF_TC_BODY(a_file_shorter_than_promised_is_none, tc)
{
	struct header h;

	ATF_CHECK(!header_parse(&h, GOOD, 64 + 15 + 43));
	ATF_CHECK(!header_parse(&h, GOOD, 65));
	ATF_CHECK(!header_parse(&h, GOOD, 64));
	ATF_CHECK(!header_parse(&h, GOOD, 63));
	ATF_CHECK(!header_parse(&h, GOOD, 0));
	ATF_CHECK(!header_parse(
	    &h, "facteur1 00000000000000000005 00000000000000000001             \n", 65));
}

ATF_TC_WITHOUT_HEAD(malformed_headers_are_none);
ATF_TC_BODY(malformed_headers_are_none, tc)
{
	static const char *const bad[] = {
	    "facteur2 00000000000000000015 00000000000000000044             \n",
	    "facteur1 0000000000000000001x 00000000000000000044             \n",
	    "facteur1 00000000000000000015-00000000000000000044             \n",
	    "facteur1 00000000000000000015 00000000000000000044            x\n",
	    "facteur1 00000000000000000015 00000000000000000044              ",
	    "facteur1 18446744073709551615 00000000000000000044             \n",
	    "facteur1 99999999999999999999 00000000000000000044             \n",
	    "facteur1 00000000000000000015 18446744073709551615             \n",
	};
	struct header h;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
		ATF_CHECK_MSG(!header_parse(&h, bad[i], 1000), "%s", bad[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_written_is_read);
	ATF_TP_ADD_TC(tp, a_file_shorter_than_promised_is_none);
	ATF_TP_ADD_TC(tp, malformed_headers_are_none);
	return atf_no_error();
}
