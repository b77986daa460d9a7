#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "finding/removed.h"
#include "lib/file_system.h"

#define A "0hofc52zpb5l953d9rf5s00a"
#define B "0hofc52zpb5l953d9rf5s00b"
#define C "0hofc52zpb5l953d9rf5s00c"
#define BUCKET 1795430400

static struct removed r;
static struct supply s = {.fd = -1};
static int service;

static int lacks_journal, asked;

int
file_system_lacks_journal(int fd)
{
	(void)fd;
	asked++;
	return lacks_journal;
}

int
file_system_renames_whole(int fd)
{
	(void)fd;
	return !lacks_journal;
}

int
file_system_commits_in_order(int fd)
{
	(void)fd;
	return 0;
}

static void
begin(void)
{
	int ends[2];

	ATF_REQUIRE_EQ(0, mkdir("queue", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/new", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/later", 0700));
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	s.fd = ends[0];
	service = ends[1];
}

static void
end_sync(int64_t now_ms)
{
	struct pollfd p = {.fd = r.fd, .events = POLLIN};

	ATF_REQUIRE(r.child != 0);
	ATF_REQUIRE_EQ(1, poll(&p, 1, 60000));
	removed_end(&r, &s, now_ms);
	ATF_REQUIRE_EQ(0, r.child);
}

/* All that has been said, if it is this. */
static void
expect(const char *said)
{
	char buf[4096];
	ssize_t n;

	supply_flush(&s, 0);
	n = recv(service, buf, sizeof buf - 1, MSG_DONTWAIT);
	buf[n > 0 ? n : 0] = '\0';
	ATF_CHECK_STREQ(said, buf);
}

ATF_TC_WITHOUT_HEAD(what_was_removed_before_the_sync_is_settled_after_it);
ATF_TC_BODY(what_was_removed_before_the_sync_is_settled_after_it, tc)
{
	begin();
	ATF_CHECK_EQ(INT64_MAX, removed_until(&r, &s));
	removed_begin(&r, &s, 1000);
	ATF_CHECK_EQ(0, r.child);
	removed_put(&r, A, 0);
	removed_put(&r, B, BUCKET);
	removed_begin(&r, &s, 1000);
	removed_put(&r, C, 0);
	expect("");
	end_sync(1100);
	expect("25:S" A ",25:S" B ",");
	/* the other one has its turn, not at once */
	ATF_CHECK(removed_waits(&r, &s));
	ATF_CHECK_EQ(2000, removed_until(&r, &s));
	removed_begin(&r, &s, 1999);
	ATF_CHECK_EQ(0, r.child);
	removed_begin(&r, &s, 2000);
	end_sync(2000);
	expect("25:S" C ",");
	ATF_CHECK(!removed_waits(&r, &s));
	ATF_CHECK(supply_has_settled(&s, C));
}

ATF_TC_WITHOUT_HEAD(what_is_not_on_the_disk_is_never_settled);
ATF_TC_BODY(what_is_not_on_the_disk_is_never_settled, tc)
{
	begin();
	removed_put(&r, A, 0);
	ATF_REQUIRE_EQ(0, rmdir("queue/new"));
	removed_begin(&r, &s, 1000);
	end_sync(1000);
	expect("");
	ATF_CHECK(!removed_waits(&r, &s));
}

ATF_TC_WITHOUT_HEAD(without_a_service_they_wait_and_do_not_grow);
ATF_TC_BODY(without_a_service_they_wait_and_do_not_grow, tc)
{
	int fd;

	begin();
	fd = s.fd;
	s.fd = -1;
	for (int i = 0; i < REMOVED_MAX + 5; ++i)
		removed_put(&r, A, 0);
	ATF_CHECK_EQ(REMOVED_MAX, r.count);
	removed_begin(&r, &s, 1000);
	ATF_CHECK_EQ(0, r.child);
	ATF_CHECK(!removed_waits(&r, &s));
	s.fd = fd;
	removed_begin(&r, &s, 1000);
	end_sync(1000);
	ATF_CHECK_EQ(0, r.count);
}

/* As life.c does. */
static void
remove_file(const char *id)
{
	char path[100] = "queue/new/";
	int fd;

	fd = open(strcat(path, id), O_WRONLY | O_CREAT, 0600);
	ATF_REQUIRE(fd != -1);
	removed_hold(&r, fd);
	close(fd);
	ATF_REQUIRE_EQ(0, unlink(path));
	removed_put(&r, id, 0);
}

static int
links_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == -1 ? -1 : (int)st.st_nlink;
}

ATF_TC_WITHOUT_HEAD(without_a_journal_they_are_held_until_they_are_gone);
ATF_TC_BODY(without_a_journal_they_are_held_until_they_are_gone, tc)
{
	int first, second;

	begin();
	lacks_journal = 1;
	remove_file(A);
	ATF_REQUIRE_EQ(1, r.holding);
	first = r.held[0];
	ATF_CHECK_EQ(0, links_of(first));
	removed_begin(&r, &s, 1000);
	remove_file(B);
	ATF_REQUIRE_EQ(2, r.holding);
	second = r.held[1];
	end_sync(1000);
	expect("25:S" A ",");
	ATF_CHECK_EQ(-1, links_of(first));
	ATF_CHECK_EQ(0, links_of(second));
	removed_begin(&r, &s, 2000);
	end_sync(2000);
	expect("25:S" B ",");
	ATF_CHECK_EQ(-1, links_of(second));
	ATF_CHECK_EQ(0, r.holding);
}

ATF_TC_WITHOUT_HEAD(what_is_held_does_not_wait_for_a_service);
ATF_TC_BODY(what_is_held_does_not_wait_for_a_service, tc)
{
	int fd;

	begin();
	fd = s.fd;
	s.fd = -1;
	lacks_journal = 1;
	remove_file(A);
	ATF_CHECK(removed_waits(&r, &s));
	removed_begin(&r, &s, 1000);
	end_sync(1000);
	ATF_CHECK_EQ(0, r.holding);
	ATF_CHECK(!removed_waits(&r, &s));
	/* it is told later */
	s.fd = fd;
	ATF_CHECK_EQ(1, r.count);
	removed_begin(&r, &s, 2000);
	end_sync(2000);
	expect("25:S" A ",");
}

ATF_TC_WITHOUT_HEAD(many_that_are_held_hurry);
ATF_TC_BODY(many_that_are_held_hurry, tc)
{
	begin();
	lacks_journal = 1;
	remove_file(A);
	removed_begin(&r, &s, 1000);
	end_sync(1000);
	for (int i = 0; i < REMOVED_HELD + 5; ++i) {
		remove_file(B);
		if (i == REMOVED_HELD / 2 - 2)
			ATF_CHECK_EQ(2000, removed_until(&r, &s));
	}
	ATF_CHECK_EQ(REMOVED_HELD, r.holding);
	ATF_CHECK_EQ(1050, removed_until(&r, &s));
	removed_begin(&r, &s, 1050);
	end_sync(1050);
	ATF_CHECK_EQ(0, r.holding);
}

ATF_TC_WITHOUT_HEAD(without_a_journal_moves_are_synced_soon);
ATF_TC_BODY(without_a_journal_moves_are_synced_soon, tc)
{
	begin();
	s.fd = -1;
	lacks_journal = 1;
	removed_move(&r);
	removed_begin(&r, &s, 1000);
	removed_move(&r);
	end_sync(1000);
	/* the other one, not at once */
	ATF_CHECK(removed_waits(&r, &s));
	ATF_CHECK_EQ(1050, removed_until(&r, &s));
	removed_begin(&r, &s, 1050);
	end_sync(1060);
	ATF_CHECK(!removed_waits(&r, &s));
	ATF_CHECK_EQ(INT64_MAX, removed_until(&r, &s));
}

ATF_TC_WITHOUT_HEAD(with_a_journal_nothing_is_held_nor_a_move_synced);
ATF_TC_BODY(with_a_journal_nothing_is_held_nor_a_move_synced, tc)
{
	begin();
	remove_file(A);
	remove_file(B);
	ATF_CHECK_EQ(0, r.holding);
	removed_move(&r);
	s.fd = -1;
	ATF_CHECK(!removed_waits(&r, &s));
	ATF_CHECK_EQ(1, asked);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_was_removed_before_the_sync_is_settled_after_it);
	ATF_TP_ADD_TC(tp, what_is_not_on_the_disk_is_never_settled);
	ATF_TP_ADD_TC(tp, without_a_service_they_wait_and_do_not_grow);
	ATF_TP_ADD_TC(tp, without_a_journal_they_are_held_until_they_are_gone);
	ATF_TP_ADD_TC(tp, what_is_held_does_not_wait_for_a_service);
	ATF_TP_ADD_TC(tp, many_that_are_held_hurry);
	ATF_TP_ADD_TC(tp, without_a_journal_moves_are_synced_soon);
	ATF_TP_ADD_TC(tp, with_a_journal_nothing_is_held_nor_a_move_synced);
	return atf_no_error();
}
