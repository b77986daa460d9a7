#include <fcntl.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/file_system.h"

/* What the system tells, in the place of libc's calls. */
static unsigned long type;
static const char *task;

int
fstatfs(int fd, struct statfs *st)
{
	st->f_type = (__typeof__(st->f_type))type;
	return fd == -1 ? -1 : 0;
}

ssize_t
readlink(const char *path, char *buf, size_t len)
{
	static const char target[] = "../../devices/virtual/block/dm-7";

	ATF_CHECK_EQ(0, strncmp(path, "/sys/dev/block/", 15));
	ATF_REQUIRE(len >= sizeof(target));
	memcpy(buf, target, sizeof(target) - 1);
	return sizeof(target) - 1;
}

/* The file in sysfs is one in the working directory. */
int
open(const char *path, int flags, ...)
{
	int fd;

	ATF_CHECK_STREQ("/sys/fs/ext4/dm-7/journal_task", path);
	if (task == NULL)
		return -1;
	fd = openat(AT_FDCWD, "task", O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (write(fd, task, strlen(task)) == -1 || lseek(fd, 0, SEEK_SET) == -1)
		return -1;
	(void)flags;
	return fd;
}

static int
commits_in_order(unsigned long t)
{
	type = t;
	return file_system_commits_in_order(1);
}

static int
lacks_journal(unsigned long t)
{
	type = t;
	return file_system_lacks_journal(1);
}

static int
is_whole(unsigned long t)
{
	type = t;
	return file_system_renames_whole(1);
}

ATF_TC_WITHOUT_HEAD(file_systems_with_a_journal_or_trees_are_known);
ATF_TC_BODY(file_systems_with_a_journal_or_trees_are_known, tc)
{
	ATF_CHECK_EQ(1, is_whole(0x58465342));
	ATF_CHECK_EQ(1, is_whole(0x9123683e));
	ATF_CHECK_EQ(0, is_whole(0x01021994)); /* tmpfs */
	ATF_CHECK_EQ(0, is_whole(0x65735546)); /* FUSE */
	ATF_CHECK_EQ(0, is_whole(0x6969));     /* NFS */
	ATF_CHECK_EQ(0, file_system_renames_whole(-1));
}

ATF_TC_WITHOUT_HEAD(ext4_can_be_without_a_journal);
ATF_TC_BODY(ext4_can_be_without_a_journal, tc)
{
	task = "1234\n";
	ATF_CHECK_EQ(1, commits_in_order(0xef53));
	ATF_CHECK_EQ(1, is_whole(0xef53));
	task = "<none>\n";
	ATF_CHECK_EQ(0, is_whole(0xef53));
	task = "";
	ATF_CHECK_EQ(0, is_whole(0xef53));
	ATF_CHECK_EQ(0, commits_in_order(0xef53));
	/* ext2, by the program of its own, or an old kernel */
	task = NULL;
	ATF_CHECK_EQ(0, is_whole(0xef53));
}

ATF_TC_WITHOUT_HEAD(only_some_commit_in_order);
ATF_TC_BODY(only_some_commit_in_order, tc)
{
	ATF_CHECK_EQ(1, commits_in_order(0x58465342));
	ATF_CHECK_EQ(0, commits_in_order(0x9123683e)); /* btrfs */
	ATF_CHECK_EQ(0, commits_in_order(0xf2f52010)); /* F2FS */
	ATF_CHECK_EQ(0, commits_in_order(0x01021994));
	ATF_CHECK_EQ(0, file_system_commits_in_order(-1));
}

ATF_TC_WITHOUT_HEAD(a_journal_is_missed_only_where_it_is_known);
ATF_TC_BODY(a_journal_is_missed_only_where_it_is_known, tc)
{
	task = "<none>\n";
	ATF_CHECK_EQ(1, lacks_journal(0xef53));
	ATF_CHECK_EQ(0, lacks_journal(0x58465342));
	ATF_CHECK_EQ(0, lacks_journal(0x65735546));
	ATF_CHECK_EQ(0, file_system_lacks_journal(-1));
	task = "1234\n";
	ATF_CHECK_EQ(0, lacks_journal(0xef53));
	task = "";
	ATF_CHECK_EQ(0, lacks_journal(0xef53));
	task = NULL;
	ATF_CHECK_EQ(0, lacks_journal(0xef53));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, file_systems_with_a_journal_or_trees_are_known);
	ATF_TP_ADD_TC(tp, only_some_commit_in_order);
	ATF_TP_ADD_TC(tp, ext4_can_be_without_a_journal);
	ATF_TP_ADD_TC(tp, a_journal_is_missed_only_where_it_is_known);
	return atf_no_error();
}
