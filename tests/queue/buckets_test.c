#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "queue/buckets.h"

#define NOW 1795430400 /* a multiple of 64 */

static void
make_queue(void)
{
	ATF_REQUIRE_EQ(0, mkdir("queue", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/later", 0700));
}

ATF_TC_WITHOUT_HEAD(times_are_rounded_up_to_few_buckets);
ATF_TC_BODY(times_are_rounded_up_to_few_buckets, tc)
{
	struct buckets b = {0};

	make_queue();
	ATF_CHECK_EQ(NOW + 15, buckets_make(&b, NOW, 15));
	ATF_CHECK_EQ(NOW + 304, buckets_make(&b, NOW, 300));
	ATF_CHECK_EQ(NOW + 304, buckets_make(&b, NOW + 1, 300));
	ATF_CHECK_EQ(NOW + 3648, buckets_make(&b, NOW, 3600));
	ATF_CHECK_EQ(3, b.count);
	ATF_CHECK_EQ(0, access("queue/later/1795430415", F_OK));
	ATF_CHECK_EQ(NOW + 15, buckets_next(&b));
}

ATF_TC_WITHOUT_HEAD(buckets_are_found_by_their_names);
ATF_TC_BODY(buckets_are_found_by_their_names, tc)
{
	struct buckets b = {0};

	make_queue();
	mkdir("queue/later/200", 0700);
	mkdir("queue/later/100", 0700);
	mkdir("queue/later/300", 0700);
	mkdir("queue/later/0", 0700);
	mkdir("queue/later/soon", 0700);
	mkdir("queue/later/0400", 0700);
	mkdir("queue/later/99999999999999999999", 0700);
	ATF_REQUIRE_EQ(0, buckets_scan(&b));
	ATF_REQUIRE_EQ(0, buckets_scan(&b));
	ATF_CHECK_EQ(3, b.count);
	ATF_CHECK_EQ(100, buckets_take(&b));
	ATF_CHECK_EQ(200, buckets_take(&b));
	ATF_CHECK_EQ(300, buckets_take(&b));
	ATF_CHECK_EQ(INT64_MAX, buckets_next(&b));
}

ATF_TC_WITHOUT_HEAD(a_scan_keeps_what_is_known);
ATF_TC_BODY(a_scan_keeps_what_is_known, tc)
{
	struct buckets b = {0};

	make_queue();
	mkdir("queue/later/300", 0700);
	ATF_REQUIRE_EQ(0, buckets_scan(&b));
	buckets_hurry(&b);
	mkdir("queue/later/200", 0700);
	ATF_REQUIRE_EQ(0, buckets_scan(&b));
	ATF_CHECK_EQ(2, b.count);
	ATF_CHECK_EQ(0, buckets_next(&b));
	ATF_CHECK_EQ(300, buckets_take(&b));
	ATF_CHECK_EQ(200, buckets_next(&b));
	ATF_REQUIRE_EQ(0, buckets_scan(&b)); /* 300 is being emptied */
	ATF_CHECK_EQ(1, b.count);
}

ATF_TC_WITHOUT_HEAD(buckets_come_in_order_whatever_the_folder_gives);
ATF_TC_BODY(buckets_come_in_order_whatever_the_folder_gives, tc)
{
	struct buckets b = {0};
	char path[64];
	int64_t last = 0;

	make_queue();
	for (int i = 0; i < 5000; ++i) {
		snprintf(path, sizeof path, "queue/later/%d", 1 + i * 7919 % 5000);
		ATF_REQUIRE_EQ(0, mkdir(path, 0700));
	}
	ATF_REQUIRE_EQ(0, buckets_scan(&b));
	ATF_REQUIRE_EQ(5000, b.count);
	for (size_t i = 0; i < b.count; ++i, last = b.list[i - 1].time)
		ATF_REQUIRE(b.list[i].time > last);
}

ATF_TC_WITHOUT_HEAD(long_waits_make_few_buckets);
ATF_TC_BODY(long_waits_make_few_buckets, tc)
{
	struct buckets b = {0};
	int64_t time;

	make_queue();
	for (int64_t wait = 1; wait < 86400; wait += wait < 600 ? 1 : 16) {
		time = buckets_make(&b, NOW, wait);
		ATF_REQUIRE(time >= NOW + wait && time < NOW + wait + 512);
	}
	ATF_CHECK(b.count < 700);
}

ATF_TC_WITHOUT_HEAD(the_open_bucket_gets_nothing_new);
ATF_TC_BODY(the_open_bucket_gets_nothing_new, tc)
{
	struct buckets b = {0};

	make_queue();
	ATF_REQUIRE_EQ(NOW + 15, buckets_make(&b, NOW, 15));
	buckets_hurry(&b);
	ATF_CHECK_EQ(0, buckets_next(&b));
	ATF_CHECK_EQ(NOW + 16, buckets_make(&b, NOW, 15));
	ATF_CHECK_EQ(NOW + 15, buckets_take(&b));
	ATF_CHECK_EQ(NOW + 16, buckets_make(&b, NOW, 15));
	ATF_CHECK_EQ(NOW + 16, buckets_next(&b));
}

ATF_TC_WITHOUT_HEAD(a_clock_put_back_makes_buckets_due);
ATF_TC_BODY(a_clock_put_back_makes_buckets_due, tc)
{
	struct buckets b = {0};

	make_queue();
	buckets_make(&b, NOW, 15);
	buckets_make(&b, NOW + 1000000, 15);
	buckets_check(&b, NOW + 20000);
	ATF_CHECK_EQ(0, buckets_next(&b));
	ATF_CHECK_EQ(NOW + 1000015, buckets_take(&b));
	ATF_CHECK_EQ(NOW + 15, buckets_next(&b));
}

ATF_TC_WITHOUT_HEAD(a_missing_folder_is_an_error);
ATF_TC_BODY(a_missing_folder_is_an_error, tc)
{
	struct buckets b = {0};

	ATF_CHECK_EQ(-1, buckets_scan(&b));
	ATF_CHECK_EQ(-1, buckets_make(&b, NOW, 15));
	ATF_CHECK_EQ(0, b.count);
}

/* A jump of the clock changes neither how long they wait nor their order. */
ATF_TC_WITHOUT_HEAD(a_clock_that_jumps_changes_no_wait);
ATF_TC_BODY(a_clock_that_jumps_changes_no_wait, tc)
{
	struct buckets b = {0};

	make_queue();
	buckets_make(&b, NOW, 10);
	buckets_make(&b, NOW, 20);
	/* back by a day: new ones come between the old ones */
	buckets_shift(&b, -86400);
	ATF_CHECK_EQ(NOW - 86400 + 10, buckets_next(&b));
	ATF_CHECK_EQ(NOW - 86400 + 15, buckets_make(&b, NOW - 86400, 15));
	buckets_check(&b, NOW - 86400 + 1000);
	ATF_CHECK_EQ(NOW + 10, buckets_take(&b));
	ATF_CHECK_EQ(NOW - 86400 + 15, buckets_next(&b));
	ATF_CHECK_EQ(NOW - 86400 + 15, buckets_take(&b));
	ATF_CHECK_EQ(NOW - 86400 + 20, buckets_next(&b));
	/* a new message does not get into an old one of the same name, due earlier */
	ATF_CHECK_EQ(NOW + 21, buckets_make(&b, NOW, 20));
	/* and forward again, so that all is as it was */
	buckets_shift(&b, 86400);
	ATF_CHECK_EQ(NOW + 20, buckets_take(&b));
	ATF_CHECK_EQ(NOW + 21 + 86400, buckets_next(&b));
	ATF_CHECK_EQ(NOW + 21, buckets_take(&b));
	ATF_CHECK_EQ(0, b.apart);
	/* what the admin hurries stays hurried */
	buckets_make(&b, NOW, 30);
	buckets_hurry(&b);
	buckets_shift(&b, 86400);
	ATF_CHECK_EQ(0, buckets_next(&b));
}

/* A scan is made for the sake of a message that was passed over: perhaps in this one. */
ATF_TC_WITHOUT_HEAD(an_open_bucket_that_a_scan_meets_is_read_again);
ATF_TC_BODY(an_open_bucket_that_a_scan_meets_is_read_again, tc)
{
	struct buckets b = {0};

	make_queue();
	mkdir("queue/later/200", 0700);
	mkdir("queue/later/300", 0700);
	ATF_REQUIRE_EQ(0, buckets_scan(&b));
	ATF_CHECK_EQ(200, buckets_take(&b));
	ATF_REQUIRE_EQ(0, buckets_scan(&b));
	buckets_end(&b, 0);
	ATF_CHECK_EQ(0, b.open);
	ATF_CHECK_EQ(0, buckets_next(&b));
	ATF_CHECK_EQ(200, buckets_take(&b));
	/* but once, and not when it is gone */
	buckets_end(&b, 0);
	ATF_CHECK_EQ(300, buckets_take(&b));
	ATF_REQUIRE_EQ(0, buckets_scan(&b));
	buckets_end(&b, 1);
	ATF_CHECK_EQ(200, buckets_take(&b));
	ATF_CHECK_EQ(INT64_MAX, buckets_next(&b));
	ATF_CHECK_EQ(0, b.apart);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, times_are_rounded_up_to_few_buckets);
	ATF_TP_ADD_TC(tp, buckets_are_found_by_their_names);
	ATF_TP_ADD_TC(tp, a_scan_keeps_what_is_known);
	ATF_TP_ADD_TC(tp, buckets_come_in_order_whatever_the_folder_gives);
	ATF_TP_ADD_TC(tp, long_waits_make_few_buckets);
	ATF_TP_ADD_TC(tp, the_open_bucket_gets_nothing_new);
	ATF_TP_ADD_TC(tp, a_clock_put_back_makes_buckets_due);
	ATF_TP_ADD_TC(tp, a_missing_folder_is_an_error);
	ATF_TP_ADD_TC(tp, a_clock_that_jumps_changes_no_wait);
	ATF_TP_ADD_TC(tp, an_open_bucket_that_a_scan_meets_is_read_again);
	return atf_no_error();
}
