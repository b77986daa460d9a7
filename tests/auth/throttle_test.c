#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "auth/throttle.h"

#define TABLE "state/auth/failures"

ATF_TC_WITHOUT_HEAD(each_failure_doubles_the_delay_up_to_its_limit);
ATF_TC_BODY(each_failure_doubles_the_delay_up_to_its_limit, tc)
{
	static const unsigned delays[] = {
	    0, 0, 0, 1000, 2000, 4000, 8000, 16000, 20000, 20000};
	unsigned i;

	for (i = 0; i < sizeof delays / sizeof *delays; i++) {
		ATF_CHECK_EQ(delays[i], throttle_delay("192.0.2.7"));
		ATF_CHECK_EQ(i + 1, throttle_fail("192.0.2.7"));
	}
	for (; i < 1000; i++)
		throttle_fail("192.0.2.7");
	ATF_CHECK_EQ(THROTTLE_MAX, throttle_delay("192.0.2.7"));
	ATF_CHECK_EQ(0, throttle_delay("192.0.2.8"));
}

ATF_TC_WITHOUT_HEAD(a_client_is_an_address_or_a_network);
ATF_TC_BODY(a_client_is_an_address_or_a_network, tc)
{
	ATF_CHECK_EQ(1, throttle_fail("192.0.2.7"));
	ATF_CHECK_EQ(2, throttle_fail("::ffff:192.0.2.7"));
	ATF_CHECK_EQ(1, throttle_fail("2001:db8:1:2::1"));
	ATF_CHECK_EQ(2, throttle_fail("2001:db8:1:2:ffff::"));
	ATF_CHECK_EQ(1, throttle_fail("2001:db8:1:3::1"));
	ATF_CHECK_EQ(0, throttle_fail(""));
	ATF_CHECK_EQ(0, throttle_fail("unknown"));
	ATF_CHECK_EQ(0, throttle_delay(""));
}

/* Make the only client of the table have failed for the last time so long ago. */
static void
age(uint32_t seconds)
{
	uint32_t record[4];
	int fd = open(TABLE, O_RDWR);
	off_t at = 0;

	ATF_REQUIRE(fd != -1);
	while (pread(fd, record, sizeof record, at) == sizeof record && !record[2])
		at += sizeof record;
	record[3] -= seconds;
	ATF_REQUIRE_EQ(sizeof record, pwrite(fd, record, sizeof record, at));
	close(fd);
}

ATF_TC_WITHOUT_HEAD(failures_are_forgotten);
ATF_TC_BODY(failures_are_forgotten, tc)
{
	int i;

	for (i = 0; i < 8; i++)
		throttle_fail("192.0.2.7");
	age(THROTTLE_DECAY);
	ATF_CHECK_EQ(2000, throttle_delay("192.0.2.7"));
	age(THROTTLE_DECAY);
	ATF_CHECK_EQ(0, throttle_delay("192.0.2.7"));
	ATF_CHECK_EQ(3, throttle_fail("192.0.2.7"));
	age(100 * THROTTLE_DECAY);
	ATF_CHECK_EQ(1, throttle_fail("192.0.2.7"));
}

ATF_TC_WITHOUT_HEAD(a_table_that_cannot_be_kept_delays_nobody);
ATF_TC_BODY(a_table_that_cannot_be_kept_delays_nobody, tc)
{
	/* a file where the folder should be */
	int fd = open("state", O_WRONLY | O_CREAT, 0600);

	close(fd);
	ATF_CHECK_EQ(0, throttle_fail("192.0.2.7"));
	ATF_CHECK_EQ(0, throttle_delay("192.0.2.7"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_failure_doubles_the_delay_up_to_its_limit);
	ATF_TP_ADD_TC(tp, a_client_is_an_address_or_a_network);
	ATF_TP_ADD_TC(tp, failures_are_forgotten);
	ATF_TP_ADD_TC(tp, a_table_that_cannot_be_kept_delays_nobody);
	return atf_no_error();
}
