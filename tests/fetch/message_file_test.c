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
#include "lib/file_system.h"

static int lacks_journal;
static char synced[10000];

int
file_system_lacks_journal(int fd)
{
	(void)fd;
	return lacks_journal;
}

/* How many files are open that have no name any more? */
static int
held(void)
{
	char self[40], path[1000];
	ssize_t len;
	int n = 0;

	for (int fd = 3; fd < 1000; fd++) {
		snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
		len = readlink(self, path, sizeof path - 1);
		path[len > 0 ? len : 0] = '\0';
		n += strstr(path, " (deleted)") != NULL;
	}
	return n;
}

/* Notes the last part of its path, and what is held. */
int
fsync(int fd)
{
	char self[40], path[1000];
	ssize_t len;

	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	len = readlink(self, path, sizeof path - 1);
	path[len > 0 ? len : 0] = '\0';
	len = (ssize_t)strlen(synced);
	snprintf(synced + len, sizeof synced - (size_t)len, "%s %d ",
	    strrchr(path, '/') + 1, held());
	errno = EIO;
	return strstr(synced, "fail") != NULL ? -1 : 0;
}

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

ATF_TC_WITHOUT_HEAD(without_a_journal_what_is_removed_is_held);
ATF_TC_BODY(without_a_journal_what_is_removed_is_held, tc)
{
	lacks_journal = 1;
	make("m/new/1.a");
	atf_utils_create_file("m/cur/2.a:2,", "b\n");
	open_drop();
	ATF_CHECK_EQ(0, message_file_remove(&drop, &drop.messages[0]));
	ATF_CHECK_EQ(0, message_file_remove(&drop, &drop.messages[1]));
	ATF_CHECK_EQ(2, held());
	ATF_CHECK_EQ(0, message_file_sync_removals(&drop));
	ATF_CHECK_STREQ("cur 2 new 2 ", synced);
	ATF_CHECK_EQ(0, held());
	/* somebody else was faster */
	drop.messages[0].gone = 0;
	ATF_CHECK_EQ(0, message_file_remove(&drop, &drop.messages[0]));
	ATF_CHECK_EQ(0, held());
}

ATF_TC_WITHOUT_HEAD(many_that_are_held_are_synced_in_between);
ATF_TC_BODY(many_that_are_held_are_synced_in_between, tc)
{
	char name[40];

	lacks_journal = 1;
	make("m/new/0.a");
	for (int i = 1; i < 2 * MAILDROP_HELD; i++) {
		snprintf(name, sizeof name, "m/new/%d.a", i);
		atf_utils_create_file(name, "b\n");
	}
	open_drop();
	for (int i = 0; i < MAILDROP_HELD; i++)
		ATF_CHECK_EQ(0, message_file_remove(&drop, &drop.messages[i]));
	ATF_CHECK_STREQ("new 200 ", synced);
	ATF_CHECK_EQ(0, held());
	/* what failed then is not forgotten */
	strcpy(synced, "fail ");
	for (int i = MAILDROP_HELD; i < 2 * MAILDROP_HELD; i++)
		ATF_CHECK_EQ(0, message_file_remove(&drop, &drop.messages[i]));
	*synced = '\0';
	ATF_CHECK_EQ(-1, message_file_sync_removals(&drop));
	ATF_CHECK_EQ(EIO, errno);
}

ATF_TC_WITHOUT_HEAD(without_a_journal_a_move_to_cur_is_synced_there_first);
ATF_TC_BODY(without_a_journal_a_move_to_cur_is_synced_there_first, tc)
{
	lacks_journal = 1;
	make("m/new/1.a");
	open_drop();
	message_file_mark_seen(&drop, drop.messages);
	ATF_CHECK_EQ(0, access("m/cur/1.a:2,S", F_OK));
	ATF_CHECK_EQ(0, message_file_sync_removals(&drop));
	ATF_CHECK_STREQ("cur 0 new 0 ", synced);
}

ATF_TC_WITHOUT_HEAD(with_a_journal_nothing_is_held_and_a_move_not_synced);
ATF_TC_BODY(with_a_journal_nothing_is_held_and_a_move_not_synced, tc)
{
	make("m/new/1.a");
	atf_utils_create_file("m/new/2.a", "b\n");
	open_drop();
	ATF_CHECK_EQ(0, message_file_remove(&drop, &drop.messages[0]));
	message_file_mark_seen(&drop, &drop.messages[1]);
	ATF_CHECK_EQ(0, held());
	ATF_CHECK_EQ(0, message_file_sync_removals(&drop));
	ATF_CHECK_STREQ("new 0 ", synced);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_message_is_measured_as_it_is_sent);
	ATF_TP_ADD_TC(tp, what_can_not_be_read_has_a_size_all_the_same);
	ATF_TP_ADD_TC(tp, one_that_was_moved_is_found_and_one_that_is_gone_told);
	ATF_TP_ADD_TC(tp, without_a_journal_what_is_removed_is_held);
	ATF_TP_ADD_TC(tp, many_that_are_held_are_synced_in_between);
	ATF_TP_ADD_TC(tp, without_a_journal_a_move_to_cur_is_synced_there_first);
	ATF_TP_ADD_TC(tp, with_a_journal_nothing_is_held_and_a_move_not_synced);
	return atf_no_error();
}
