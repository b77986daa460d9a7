#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "finding/removed.h"

#define A "0hofc52zpb5l953d9rf5s00a"
#define B "0hofc52zpb5l953d9rf5s00b"
#define C "0hofc52zpb5l953d9rf5s00c"
#define BUCKET 1795430400

static struct removed r;
static struct supply s = {.fd = -1};
static int service;

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

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_was_removed_before_the_sync_is_settled_after_it);
	ATF_TP_ADD_TC(tp, what_is_not_on_the_disk_is_never_settled);
	ATF_TP_ADD_TC(tp, without_a_service_they_wait_and_do_not_grow);
	return atf_no_error();
}
