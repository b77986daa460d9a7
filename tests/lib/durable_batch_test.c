#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/durable_batch.h"

/* The calls of the system whose failures can't be had here, in the place of libc's. */
static int syncfs_fails, range_fails, syncfses;

int
syncfs(int fd)
{
	syncfses++;
	if (syncfs_fails) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_syncfs, fd);
}

int
sync_file_range(int fd, off_t from, off_t len, unsigned flags)
{
	if (range_fails-- == 1) {
		errno = ENOSPC;
		return -1;
	}
	return (int)syscall(SYS_sync_file_range, fd, from, len, flags);
}

#define FILES 10

static struct durable files[FILES];
static struct durable *list[FILES];

/* Ten files with a byte in each, unnamed, and the folder that they are for. */
static void
begin(void)
{
	ATF_REQUIRE_EQ(0, mkdir("new", 0700));
	for (size_t i = 0; i < FILES; i++) {
		list[i] = &files[i];
		ATF_REQUIRE_EQ(0, durable_begin(list[i], AT_FDCWD, "new", 0600));
		ATF_REQUIRE_EQ(0, durable_write(files[i].fd, "x", 1));
	}
}

static const char *
name_of(size_t i)
{
	static char name[2];

	name[0] = (char)('a' + i);
	return name;
}

ATF_TC_WITHOUT_HEAD(many_files_share_two_syncs);
ATF_TC_BODY(many_files_share_two_syncs, tc)
{
	struct stat st;
	char path[10];

	begin();
	ATF_REQUIRE_EQ(1, durable_batch_fits(list, FILES));
	ATF_REQUIRE_EQ(0, durable_batch_sync(list, FILES));
	for (size_t i = 0; i < FILES; i++) {
		ATF_REQUIRE_EQ(0, durable_name(list[i], "new", name_of(i)));
		ATF_CHECK(files[i].fd != -1);
	}
	ATF_REQUIRE_EQ(0, durable_batch_sync(list, FILES));
	ATF_CHECK_EQ(2, syncfses);
	for (size_t i = 0; i < FILES; i++) {
		durable_abandon(list[i]);
		snprintf(path, sizeof path, "new/%s", name_of(i));
		ATF_REQUIRE_EQ(0, stat(path, &st));
		ATF_CHECK_EQ(1, st.st_size);
	}
}

ATF_TC_WITHOUT_HEAD(few_files_and_several_disks_are_no_batch);
ATF_TC_BODY(few_files_and_several_disks_are_no_batch, tc)
{
	int proc = open("/proc/self/stat", O_RDONLY), kept;

	begin();
	ATF_CHECK_EQ(0, durable_batch_fits(list, 0));
	ATF_CHECK_EQ(0, durable_batch_fits(list, DURABLE_BATCH_MIN - 1));
	ATF_CHECK_EQ(1, durable_batch_fits(list, DURABLE_BATCH_MIN));
	kept = files[3].fd;
	files[3].fd = proc;
	ATF_CHECK_EQ(0, durable_batch_fits(list, FILES));
	files[3].fd = -1;
	ATF_CHECK_EQ(0, durable_batch_fits(list, FILES));
	files[3].fd = kept;
}

ATF_TC_WITHOUT_HEAD(each_failed_write_is_told);
ATF_TC_BODY(each_failed_write_is_told, tc)
{
	begin();
	syncfs_fails = 1;
	ATF_CHECK_EQ(-1, durable_batch_sync(list, FILES));
	ATF_CHECK_EQ(EIO, errno);
	syncfs_fails = 0;
	range_fails = FILES;
	ATF_CHECK_EQ(-1, durable_batch_sync(list, FILES));
	ATF_CHECK_EQ(ENOSPC, errno);
	ATF_CHECK_EQ(0, durable_batch_sync(list, FILES));
}

ATF_TC_WITHOUT_HEAD(a_taken_name_leaves_the_file_open);
ATF_TC_BODY(a_taken_name_leaves_the_file_open, tc)
{
	begin();
	ATF_REQUIRE_EQ(0, durable_name(list[0], "new", "a"));
	ATF_CHECK_EQ(-1, durable_name(list[1], "new", "a"));
	ATF_CHECK_EQ(EEXIST, errno);
	ATF_CHECK(files[1].fd != -1);
	ATF_CHECK_EQ(-1, durable_name(list[2], "nowhere", "a"));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK_EQ(-1, files[2].fd);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, many_files_share_two_syncs);
	ATF_TP_ADD_TC(tp, few_files_and_several_disks_are_no_batch);
	ATF_TP_ADD_TC(tp, each_failed_write_is_told);
	ATF_TP_ADD_TC(tp, a_taken_name_leaves_the_file_open);
	return atf_no_error();
}
