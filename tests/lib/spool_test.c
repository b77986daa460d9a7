#include <string.h>

#include <atf-c.h>

#include "lib/spool.h"

ATF_TC_WITHOUT_HEAD(what_was_put_is_read);
ATF_TC_BODY(what_was_put_is_read, tc)
{
	static struct spool spool;
	char buf[1000];
	int i;

	ATF_REQUIRE_EQ(0, spool_begin(&spool));
	for (i = 0; i < 30000; i++)
		spool_put(&spool, "0123456789", 10);
	ATF_CHECK_EQ(300000, spool.length);
	ATF_CHECK_EQ(0, spool_end(&spool));
	ATF_CHECK_EQ(1000, spool_read(&spool, buf, sizeof(buf), 150003));
	ATF_CHECK(memcmp(buf, "34567890123", 11) == 0);
	ATF_CHECK_EQ(5, spool_read(&spool, buf, sizeof(buf), 299995));
	ATF_CHECK_EQ(0, spool_read(&spool, buf, sizeof(buf), 300000));
	spool_close(&spool);
	ATF_CHECK_EQ(-1, spool.fd);
}

ATF_TC_WITHOUT_HEAD(a_write_that_fails_is_told);
ATF_TC_BODY(a_write_that_fails_is_told, tc)
{
	static struct spool spool = {.fd = -1};

	spool_put(&spool, "x", 1);
	ATF_CHECK_EQ(-1, spool_end(&spool));
	spool_close(&spool);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_was_put_is_read);
	ATF_TP_ADD_TC(tp, a_write_that_fails_is_told);
	return atf_no_error();
}
