#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>
#include <errmsg.h>

#include "queue/place.h"

#define ID "0hofc52zpb5l953d9rf5s5a3"

static void
make_queue(void)
{
	errmsg_iam("x");
	ATF_REQUIRE_EQ(0, mkdir("queue", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/new", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/later", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/later/1795430701", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/bad", 0700));
}

static void
make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	ATF_REQUIRE(fd != -1);
	close(fd);
}

ATF_TC_WITHOUT_HEAD(a_bucket_is_named_by_its_second);
ATF_TC_BODY(a_bucket_is_named_by_its_second, tc)
{
	static const char *const none[] = {
	    "", "0", "01", "-1", "1a", " 1", "9999999999999999999", "new"};
	char path[PLACE_PATH_MAX];

	ATF_CHECK_EQ(1795430701, place_bucket_time("1795430701"));
	for (size_t i = 0; i < sizeof none / sizeof *none; ++i)
		ATF_CHECK_EQ_MSG(0, place_bucket_time(none[i]), "%s", none[i]);
	place_path(path, 1795430701, ID);
	ATF_CHECK_STREQ("queue/later/1795430701/" ID, path);
	place_path(path, PLACE_HOLD, ID);
	ATF_CHECK_STREQ("queue/hold/" ID, path);
	ATF_CHECK_STREQ("later", place_name(5));
	ATF_CHECK_STREQ("bad", place_name(PLACE_BAD));
	ATF_CHECK(place_path_time("queue/new/" ID) > 0);
	ATF_CHECK_EQ(0, place_path_time("queue/new/README"));
}

ATF_TC_WITHOUT_HEAD(what_is_moved_replaces_nothing);
ATF_TC_BODY(what_is_moved_replaces_nothing, tc)
{
	make_queue();
	make_file("queue/new/" ID);
	make_file("queue/later/1795430701/" ID);
	ATF_CHECK_EQ(-1, place_rename(ID, PLACE_NEW, 1795430701));
	ATF_CHECK_EQ(EEXIST, errno);
	ATF_REQUIRE_EQ(0, unlink("queue/new/" ID));
	ATF_CHECK_EQ(0, place_move(ID, 1795430701, PLACE_NEW));
	/* the bucket was empty then */
	ATF_CHECK_EQ(-1, access("queue/later/1795430701", F_OK));
	ATF_CHECK_EQ(0, place_remove(ID, PLACE_NEW));
	/* is gone already */
	ATF_CHECK_EQ(0, place_remove(ID, PLACE_NEW));
}

ATF_TC_WITHOUT_HEAD(all_that_is_bad_is_kept);
ATF_TC_BODY(all_that_is_bad_is_kept, tc)
{
	make_queue();
	for (int i = 0; i < 3; ++i) {
		make_file("queue/new/" ID);
		ATF_CHECK_EQ(0, place_condemn(ID, PLACE_NEW, "no message"));
	}
	ATF_CHECK_EQ(0, access("queue/bad/" ID, F_OK));
	ATF_CHECK_EQ(0, access("queue/bad/" ID ".1", F_OK));
	ATF_CHECK_EQ(0, access("queue/bad/" ID ".2", F_OK));
	ATF_CHECK_EQ(-1, place_condemn(ID, PLACE_NEW, "no message"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_bucket_is_named_by_its_second);
	ATF_TP_ADD_TC(tp, what_is_moved_replaces_nothing);
	ATF_TP_ADD_TC(tp, all_that_is_bad_is_kept);
	return atf_no_error();
}
