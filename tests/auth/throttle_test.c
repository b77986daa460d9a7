#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "auth/throttle.h"
#include "lib/queueid.h"

static unsigned delay;

/* Client fails as user.  Returns its failures, and sets delay. */
static unsigned
fail_as(const char *client, const char *user, const char *password)
{
	struct throttle t;
	unsigned failures;

	ATF_CHECK(throttle_begin(&t, client, user));
	delay = throttle_fail(&t, password, &failures);
	throttle_end(&t);
	return failures;
}

static unsigned
fail(const char *client)
{
	return fail_as(client, "joe@x.test", NULL);
}

static void
succeed(const char *client, const char *user)
{
	struct throttle t;

	ATF_CHECK(throttle_begin(&t, client, user));
	throttle_succeed(&t);
	throttle_end(&t);
}

ATF_TC_WITHOUT_HEAD(each_failure_doubles_the_delay_up_to_its_limit);
ATF_TC_BODY(each_failure_doubles_the_delay_up_to_its_limit, tc)
{
	static const unsigned delays[] = {
	    1000, 1000, 1000, 1000, 2000, 4000, 8000, 16000, 20000, 20000};
	unsigned i;

	for (i = 0; i < sizeof delays / sizeof *delays; i++) {
		ATF_CHECK_EQ(i + 1, fail("192.0.2.7"));
		ATF_CHECK_EQ(delays[i], delay);
	}
	for (; i < 1000; i++)
		fail("192.0.2.7");
	ATF_CHECK_EQ(THROTTLE_MOST, delay);
	fail_as("192.0.2.8", "other@x.test", NULL);
	ATF_CHECK_EQ(THROTTLE_LEAST, delay);
}

ATF_TC_WITHOUT_HEAD(the_same_wrong_password_counts_once);
ATF_TC_BODY(the_same_wrong_password_counts_once, tc)
{
	ATF_CHECK_EQ(1, fail_as("192.0.2.7", "joe@x.test", "old"));
	ATF_CHECK_EQ(1, fail_as("192.0.2.7", "joe@x.test", "old"));
	ATF_CHECK_EQ(THROTTLE_LEAST, delay);
	ATF_CHECK_EQ(2, fail_as("192.0.2.7", "joe@x.test", "older"));
	ATF_CHECK_EQ(2, fail_as("192.0.2.7", "joe@x.test", "old"));
	ATF_CHECK_EQ(3, fail_as("192.0.2.7", "jim@x.test", "old"));
	ATF_CHECK_EQ(1, fail_as("192.0.2.8", "joe@x.test", "old"));
}

ATF_TC_WITHOUT_HEAD(success_takes_ones_own_share_back);
ATF_TC_BODY(success_takes_ones_own_share_back, tc)
{
	fail_as("192.0.2.7", "joe@x.test", "a");
	fail_as("192.0.2.7", "joe@x.test", "b");
	fail_as("192.0.2.7", "jim@x.test", "c");
	succeed("192.0.2.7", "other@x.test");
	ATF_CHECK_EQ(4, fail_as("192.0.2.7", "joe@x.test", "d"));
	succeed("192.0.2.7", "joe@x.test");
	ATF_CHECK_EQ(2, fail_as("192.0.2.7", "jim@x.test", "e"));
	/* only once */
	succeed("192.0.2.7", "joe@x.test");
	ATF_CHECK_EQ(3, fail_as("192.0.2.7", "jim@x.test", "f"));
}

ATF_TC_WITHOUT_HEAD(who_has_failed_has_few_places);
ATF_TC_BODY(who_has_failed_has_few_places, tc)
{
	struct throttle t[THROTTLE_PLACES + 1], other;
	int i;

	succeed("192.0.2.7", "ann@x.test");
	for (i = 0; i <= THROTTLE_PLACES; i++)
		ATF_CHECK(throttle_begin(&t[i], "192.0.2.7", "joe@x.test"));
	for (i = 0; i <= THROTTLE_PLACES; i++)
		throttle_end(&t[i]);

	for (i = 0; i < THROTTLE_FREE; i++)
		fail("192.0.2.7");
	for (i = 0; i < THROTTLE_PLACES; i++)
		ATF_CHECK(throttle_begin(&t[i], "192.0.2.7", "joe@x.test"));
	ATF_CHECK(!throttle_begin(&t[i], "192.0.2.7", "jim@x.test"));
	throttle_end(&t[i]);
	/* who has been right from there has places of his own; so have others */
	ATF_CHECK(throttle_begin(&other, "192.0.2.7", "ann@x.test"));
	throttle_end(&other);
	ATF_CHECK(throttle_begin(&other, "192.0.2.8", "joe@x.test"));
	throttle_end(&other);
	throttle_end(&t[0]);
	ATF_CHECK(throttle_begin(&t[0], "192.0.2.7", "jim@x.test"));
	for (i = 0; i < THROTTLE_PLACES; i++)
		throttle_end(&t[i]);
}

ATF_TC_WITHOUT_HEAD(one_client_has_not_all_processes);
ATF_TC_BODY(one_client_has_not_all_processes, tc)
{
	struct throttle t[THROTTLE_PROCESSES + 1], other;
	int i;

	for (i = 0; i < THROTTLE_PROCESSES; i++)
		ATF_CHECK(throttle_begin(&t[i], "192.0.2.7", "joe@x.test"));
	ATF_CHECK(!throttle_begin(&t[i], "192.0.2.7", "jim@x.test"));
	ATF_CHECK(throttle_begin(&other, "192.0.2.8", "jim@x.test"));
	throttle_end(&t[0]);
	throttle_end(&t[i]);
	ATF_CHECK(throttle_begin(&t[i], "192.0.2.7", "jim@x.test"));
}

ATF_TC_WITHOUT_HEAD(guesses_from_many_addresses_are_slow);
ATF_TC_BODY(guesses_from_many_addresses_are_slow, tc)
{
	char client[20];
	int i;

	for (i = 0; i < THROTTLE_ACCOUNT; i++) {
		snprintf(client, sizeof client, "192.0.2.%d", i);
		fail(client);
		ATF_CHECK_EQ(THROTTLE_LEAST, delay);
	}
	fail("198.51.100.1");
	ATF_CHECK_EQ(THROTTLE_ACCOUNT_COST, delay);
	fail_as("198.51.100.2", "jim@x.test", NULL);
	ATF_CHECK_EQ(THROTTLE_LEAST, delay);
}

/* As the hash without a secret had it, whose places a stranger could work out. */
static void
find_old_neighbour(char *name, size_t size, const char *user)
{
	unsigned i;

	for (i = 0;; i++) {
		snprintf(name, size, "%u@y.test", i);
		if ((queueid_hash(name, 2) >> 1) % 65536 ==
		    (queueid_hash(user, 2) >> 1) % 65536)
			return;
	}
}

ATF_TC_WITHOUT_HEAD(no_name_wipes_what_is_known_of_another);
ATF_TC_BODY(no_name_wipes_what_is_known_of_another, tc)
{
	char client[20], name[40];
	int i;

	for (i = 0; i <= THROTTLE_ACCOUNT; i++) {
		snprintf(client, sizeof client, "192.0.2.%d", i);
		fail(client);
	}
	ATF_CHECK_EQ(THROTTLE_ACCOUNT_COST, delay);
	find_old_neighbour(name, sizeof name, "joe@x.test");
	fail_as("198.51.100.1", name, NULL);
	fail("198.51.100.2");
	ATF_CHECK_EQ(THROTTLE_ACCOUNT_COST, delay);
}

ATF_TC_WITHOUT_HEAD(a_client_is_an_address_or_a_network);
ATF_TC_BODY(a_client_is_an_address_or_a_network, tc)
{
	ATF_CHECK_EQ(1, fail("192.0.2.7"));
	ATF_CHECK_EQ(2, fail("::ffff:192.0.2.7"));
	ATF_CHECK_EQ(1, fail("2001:db8:1:2::1"));
	ATF_CHECK_EQ(2, fail("2001:db8:1:2:ffff::"));
	ATF_CHECK_EQ(1, fail("2001:db8:1:3::1"));
	ATF_CHECK_EQ(0, fail(""));
	ATF_CHECK_EQ(0, fail("unknown"));
	ATF_CHECK_EQ(THROTTLE_LEAST, delay);
}

/* Make the only client of the table have failed for the last time so long ago. */
static void
age(uint32_t seconds)
{
	uint32_t record[4];
	int fd = open(FAILURE_TABLE, O_RDWR);
	off_t at = 64; /* past the header */

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
		fail("192.0.2.7");
	age(2 * FAILURE_TABLE_DECAY);
	ATF_CHECK_EQ(3, fail("192.0.2.7"));
	ATF_CHECK_EQ(THROTTLE_LEAST, delay);
	age(100 * FAILURE_TABLE_DECAY);
	ATF_CHECK_EQ(1, fail("192.0.2.7"));
}

ATF_TC_WITHOUT_HEAD(a_table_that_cannot_be_kept_delays_nobody);
ATF_TC_BODY(a_table_that_cannot_be_kept_delays_nobody, tc)
{
	/* a file where the folder should be */
	int fd = open("state", O_WRONLY | O_CREAT, 0600);

	close(fd);
	ATF_CHECK_EQ(0, fail("192.0.2.7"));
	ATF_CHECK_EQ(THROTTLE_LEAST, delay);
	succeed("192.0.2.7", "joe@x.test");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_failure_doubles_the_delay_up_to_its_limit);
	ATF_TP_ADD_TC(tp, the_same_wrong_password_counts_once);
	ATF_TP_ADD_TC(tp, success_takes_ones_own_share_back);
	ATF_TP_ADD_TC(tp, who_has_failed_has_few_places);
	ATF_TP_ADD_TC(tp, one_client_has_not_all_processes);
	ATF_TP_ADD_TC(tp, guesses_from_many_addresses_are_slow);
	ATF_TP_ADD_TC(tp, no_name_wipes_what_is_known_of_another);
	ATF_TP_ADD_TC(tp, a_client_is_an_address_or_a_network);
	ATF_TP_ADD_TC(tp, failures_are_forgotten);
	ATF_TP_ADD_TC(tp, a_table_that_cannot_be_kept_delays_nobody);
	return atf_no_error();
}
