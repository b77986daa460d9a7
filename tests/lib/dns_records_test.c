#include <string.h>

#include <atf-c.h>

#include "lib/dns_records.h"

#define HEADER "\x12\x34\x81\xa0\0\1\0\2\0\0\0\0"
#define QUESTION "\2to\4test\0\0\x0f\0\1"
#define NS "\xc0\x0c\0\2\0\1\0\0\x0e\x10\0\3\1a\0"
#define OTHER_CLASS "\1x\0\0\2\0\3\0\0\0\0\0\0"

static struct dns_records a;
static struct dns_record record;

static int
begin(const char *s, size_t len)
{
	return dns_records_begin(&a, (const unsigned char *)s, len);
}

ATF_TC_WITHOUT_HEAD(records_are_found);
ATF_TC_BODY(records_are_found, tc)
{
	static const char answer[] = HEADER QUESTION OTHER_CLASS NS;

	ATF_REQUIRE_EQ(0, begin(answer, sizeof(answer) - 1));
	ATF_CHECK(a.is_authentic && a.response == 0);
	ATF_REQUIRE_EQ(1, dns_records_next(&a, &record));
	ATF_CHECK_EQ(2, record.type);
	ATF_CHECK_EQ(3600, record.ttl);
	ATF_CHECK_EQ(3, record.len);
	ATF_CHECK_EQ(0, memcmp(record.data, "\1a", 3));
	ATF_CHECK_EQ(0, dns_records_next(&a, &record));
}

ATF_TC_WITHOUT_HEAD(what_is_cut_is_malformed);
ATF_TC_BODY(what_is_cut_is_malformed, tc)
{
	static const char answer[] = HEADER QUESTION NS NS;
	size_t len, wanted = sizeof(HEADER QUESTION) - 1;
	int r;

	for (len = 0; len < wanted; len++)
		ATF_CHECK_EQ(-1, begin(answer, len));
	for (; len < sizeof(answer) - 1; len++) {
		ATF_REQUIRE_EQ(0, begin(answer, len));
		while ((r = dns_records_next(&a, &record)) == 1)
			;
		ATF_CHECK_EQ(-1, r);
	}
	ATF_CHECK_EQ(-1, begin("\x12\x34\1\0\0\0\0\0\0\0\0\0", 12)); /* a question */
	ATF_CHECK_EQ(-1, begin(HEADER "\x80\0\0\1\0\1", sizeof(HEADER) + 5));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, records_are_found);
	ATF_TP_ADD_TC(tp, what_is_cut_is_malformed);
	return atf_no_error();
}
