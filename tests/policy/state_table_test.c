#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "policy/state_table.h"

#define PROCESSES 100
#define TURNS 20

static void
set(struct state_table *t, const char *key, unsigned char value, int64_t expires)
{
	struct state_entry entry;

	ATF_REQUIRE(state_table_get(t, key, 0, &entry) != -1);
	entry.data[0] = value;
	entry.expires = expires;
	ATF_REQUIRE_EQ(0, state_table_put(t, &entry));
	state_table_unlock(t);
}

/* -1 when there is none */
static int
value(struct state_table *t, const char *key, int64_t now)
{
	struct state_entry entry;
	int r = state_table_get(t, key, now, &entry);

	ATF_REQUIRE(r != -1);
	state_table_unlock(t);
	ATF_CHECK(r == 1 || entry.data[0] == 0);
	return r == 1 ? entry.data[0] : -1;
}

ATF_TC_WITHOUT_HEAD(what_was_put_is_there_after_a_restart);
ATF_TC_BODY(what_was_put_is_there_after_a_restart, tc)
{
	struct state_table t;

	ATF_REQUIRE_EQ(0, state_table_open(&t, "table", 8));
	ATF_CHECK_EQ(-1, value(&t, "a", 0));
	set(&t, "a", 7, 100);
	set(&t, "b", 8, 100);
	close(t.fd);
	ATF_REQUIRE_EQ(0, state_table_open(&t, "table", 99));
	ATF_CHECK_EQ(8, t.buckets);
	ATF_CHECK_EQ(7, value(&t, "a", 99));
	ATF_CHECK_EQ(8, value(&t, "b", 99));
}

ATF_TC_WITHOUT_HEAD(what_has_expired_is_not_there);
ATF_TC_BODY(what_has_expired_is_not_there, tc)
{
	struct state_table t;

	ATF_REQUIRE_EQ(0, state_table_open(&t, "table", 8));
	set(&t, "a", 7, 100);
	ATF_CHECK_EQ(7, value(&t, "a", 99));
	ATF_CHECK_EQ(-1, value(&t, "a", 100));
}

ATF_TC_WITHOUT_HEAD(a_full_bucket_loses_what_expires_first_and_does_not_grow);
ATF_TC_BODY(a_full_bucket_loses_what_expires_first_and_does_not_grow, tc)
{
	struct state_table t;
	struct stat st;
	char key[20];
	int i;

	ATF_REQUIRE_EQ(0, state_table_open(&t, "table", 1));
	for (i = 0; i < 64; i++) {
		snprintf(key, sizeof key, "key %d", i);
		set(&t, key, 1, 1000 + i);
	}
	for (i = 0; i < 64; i++) {
		snprintf(key, sizeof key, "key %d", i);
		ATF_CHECK_EQ(1, value(&t, key, 0));
	}
	set(&t, "one more", 1, 5000);
	ATF_CHECK_EQ(-1, value(&t, "key 0", 0));
	ATF_CHECK_EQ(1, value(&t, "key 1", 0));
	ATF_CHECK_EQ(1, value(&t, "one more", 0));
	ATF_REQUIRE_EQ(0, stat("table", &st));
	ATF_CHECK_EQ(2 * 4096, st.st_size);
}

/* Each adds to the same entry; the table is made by whoever comes first. */
static void
add_often(void)
{
	struct state_table t;
	struct state_entry entry;
	int i, n;

	if (state_table_open(&t, "table", 8) == -1)
		_exit(1);
	for (i = 0; i < TURNS; i++) {
		if (state_table_get(&t, "sum", 0, &entry) == -1)
			_exit(1);
		memcpy(&n, entry.data, sizeof n);
		n++;
		memcpy(entry.data, &n, sizeof n);
		entry.expires = 100;
		if (state_table_put(&t, &entry) == -1)
			_exit(1);
		state_table_unlock(&t);
	}
	_exit(0);
}

ATF_TC_WITHOUT_HEAD(a_hundred_processes_lose_nothing);
ATF_TC_BODY(a_hundred_processes_lose_nothing, tc)
{
	struct state_table t;
	struct state_entry entry;
	int i, n, status;

	for (i = 0; i < PROCESSES; i++)
		if (fork() == 0)
			add_often();
	for (i = 0; i < PROCESSES; i++) {
		ATF_REQUIRE(wait(&status) > 0);
		ATF_CHECK_EQ(0, status);
	}
	ATF_REQUIRE_EQ(0, state_table_open(&t, "table", 8));
	ATF_REQUIRE_EQ(1, state_table_get(&t, "sum", 0, &entry));
	memcpy(&n, entry.data, sizeof n);
	ATF_CHECK_EQ(PROCESSES * TURNS, n);
}

ATF_TC_WITHOUT_HEAD(who_dies_with_a_bucket_frees_it);
ATF_TC_BODY(who_dies_with_a_bucket_frees_it, tc)
{
	struct state_table t;
	struct state_entry entry;
	int status;

	if (fork() == 0) {
		if (state_table_open(&t, "table", 1) == 0)
			state_table_get(&t, "a", 0, &entry);
		_exit(0);
	}
	ATF_REQUIRE(wait(&status) > 0);
	ATF_REQUIRE_EQ(0, state_table_open(&t, "table", 1));
	set(&t, "a", 1, 100);
	ATF_CHECK_EQ(1, value(&t, "a", 0));
}

ATF_TC_WITHOUT_HEAD(a_damaged_table_is_made_anew);
ATF_TC_BODY(a_damaged_table_is_made_anew, tc)
{
	struct state_table t;
	int fd;

	ATF_REQUIRE_EQ(0, state_table_open(&t, "table", 4));
	set(&t, "a", 1, 100);
	close(t.fd);
	fd = open("table", O_WRONLY);
	ATF_REQUIRE_EQ(4, pwrite(fd, "oops", 4, 0));
	close(fd);
	ATF_REQUIRE_EQ(0, state_table_open(&t, "table", 4));
	ATF_CHECK_EQ(-1, value(&t, "a", 0));
	set(&t, "a", 2, 100);
	ATF_CHECK_EQ(2, value(&t, "a", 0));
	close(t.fd);

	ATF_REQUIRE_EQ(0, truncate("table", 4096 + 10));
	ATF_REQUIRE_EQ(0, state_table_open(&t, "table", 4));
	value(&t, "a", 0);
	set(&t, "a", 3, 100);
	ATF_CHECK_EQ(3, value(&t, "a", 0));
}

ATF_TC_WITHOUT_HEAD(trouble_is_told);
ATF_TC_BODY(trouble_is_told, tc)
{
	struct state_table t;

	ATF_CHECK_EQ(-1, state_table_open(&t, "none/table", 4));
	ATF_REQUIRE_EQ(0, symlink("elsewhere", "link"));
	ATF_CHECK_EQ(-1, state_table_open(&t, "link", 4));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_was_put_is_there_after_a_restart);
	ATF_TP_ADD_TC(tp, what_has_expired_is_not_there);
	ATF_TP_ADD_TC(tp, a_full_bucket_loses_what_expires_first_and_does_not_grow);
	ATF_TP_ADD_TC(tp, a_hundred_processes_lose_nothing);
	ATF_TP_ADD_TC(tp, who_dies_with_a_bucket_frees_it);
	ATF_TP_ADD_TC(tp, a_damaged_table_is_made_anew);
	ATF_TP_ADD_TC(tp, trouble_is_told);
	return atf_no_error();
}
