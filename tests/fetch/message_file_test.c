#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>
#include <atf-c/utils.h>

#include "fetch/maildrop.h"
#include "fetch/message_file.h"

static struct maildrop drop;

static void
open_drop(void)
{
	ATF_REQUIRE_EQ(0, maildrop_open(&drop, "m"));
}

static void
make(const char *name)
{
	mkdir("m", 0700);
	mkdir("m/new", 0700);
	mkdir("m/cur", 0700);
	atf_utils_create_file(name, "%s", "a\nb\n");
}

ATF_TC_WITHOUT_HEAD(a_message_is_measured_as_it_is_sent);
ATF_TC_BODY(a_message_is_measured_as_it_is_sent, tc)
{
	make("m/new/1.a");
	open_drop();
	ATF_REQUIRE_EQ(1, drop.count);
	ATF_CHECK_EQ(0, message_file_measure(&drop, drop.messages));
	ATF_CHECK_EQ(6, drop.messages[0].octets);
}

/* A folder in its place can't be read, even by root. */
ATF_TC_WITHOUT_HEAD(what_can_not_be_read_has_a_size_all_the_same);
ATF_TC_BODY(what_can_not_be_read_has_a_size_all_the_same, tc)
{
	make("m/new/1.a,S=77");
	make("m/new/2.a");
	open_drop();
	ATF_REQUIRE_EQ(2, drop.count);
	ATF_REQUIRE_EQ(0, unlink("m/new/2.a"));
	ATF_REQUIRE_EQ(0, mkdir("m/new/2.a", 0700));
	ATF_CHECK_EQ(-1, message_file_measure(&drop, &drop.messages[1]));
	ATF_CHECK(!drop.messages[1].gone);
	message_file_estimate(&drop, &drop.messages[1]);
	ATF_CHECK(drop.messages[1].octets != MAILDROP_UNMEASURED);
	/* without a file the name has the word */
	ATF_REQUIRE_EQ(0, unlink("m/new/1.a,S=77"));
	message_file_estimate(&drop, &drop.messages[0]);
	ATF_CHECK_EQ(77, drop.messages[0].octets);
}

ATF_TC_WITHOUT_HEAD(one_that_was_moved_is_found_and_one_that_is_gone_told);
ATF_TC_BODY(one_that_was_moved_is_found_and_one_that_is_gone_told, tc)
{
	int fd;

	make("m/new/1.a");
	make("m/new/2.a");
	open_drop();
	ATF_REQUIRE_EQ(0, rename("m/new/1.a", "m/cur/1.a:2,S"));
	ATF_REQUIRE_EQ(0, unlink("m/new/2.a"));
	fd = message_file_open(&drop, &drop.messages[0]);
	ATF_CHECK(fd != -1);
	ATF_CHECK_STREQ("1.a:2,S", maildrop_name(&drop, &drop.messages[0]));
	errno = 0;
	ATF_CHECK_EQ(-1, message_file_open(&drop, &drop.messages[1]));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK(drop.messages[1].gone);
	ATF_CHECK_EQ(0, message_file_remove(&drop, &drop.messages[0]));
	ATF_CHECK_EQ(-1, access("m/cur/1.a:2,S", F_OK));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_message_is_measured_as_it_is_sent);
	ATF_TP_ADD_TC(tp, what_can_not_be_read_has_a_size_all_the_same);
	ATF_TP_ADD_TC(tp, one_that_was_moved_is_found_and_one_that_is_gone_told);
	return atf_no_error();
}
