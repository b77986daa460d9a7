#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/file_system.h"
#include "lib/sync_files.h"

/* The calls of the system, in the place of libc's: what was seen of them. */
static char seen[1000];
static int in_order;    /* file_system_commits_in_order */
static int is_loose;    /* not file_system_renames_whole */
static int apart;       /* each file has a file system of its own */
static int is_foreign;  /* whose times are not ours to change */
static int fails;       /* the disk */
static int is_hidden;   /* /proc */
static int begin_fails; /* with this error: nothing is even written */

int
fstat(int fd, struct stat *st)
{
	int r = fstatat(fd, "", st, AT_EMPTY_PATH);

	if (apart)
		st->st_dev = (dev_t)fd;
	return r;
}

static int
note(const char *what, int fd, int error)
{
	size_t len = strlen(seen);

	snprintf(seen + len, sizeof(seen) - len, "%s %d\n", what, fd);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* What is opened anew has a number that is 10 higher. */
int
openat(int dirfd, const char *path, int flags, ...)
{
	(void)dirfd;
	int fd;

	ATF_REQUIRE_EQ(0, strncmp(path, "/proc/self/fd/", 14));
	ATF_CHECK_EQ(O_RDONLY | O_CLOEXEC, flags);
	if (is_hidden) {
		errno = ENOENT;
		return -1;
	}
	fd = atoi(path + 14);
	return dup2(fd, fd + 10);
}

int
file_system_commits_in_order(int fd)
{
	(void)fd;
	return in_order;
}

int
file_system_renames_whole(int fd)
{
	(void)fd;
	return !is_loose;
}

int
sync_file_range(int fd, off_t offset, off_t len, unsigned flags)
{
	ATF_CHECK_EQ(0, offset + len);
	if (flags == SYNC_FILE_RANGE_WRITE)
		return note("begin", fd, fd == 11 ? begin_fails : 0);
	return note("write", fd, fails ? EIO : 0);
}

int
futimens(int fd, const struct timespec times[2])
{
	ATF_CHECK_EQ(UTIME_NOW, times[0].tv_nsec);
	ATF_CHECK_EQ(UTIME_OMIT, times[1].tv_nsec);
	return note("change", fd, is_foreign ? EPERM : 0);
}

int
fsync(int fd)
{
	return note("fsync", fd, 0);
}

int
syncfs(int fd)
{
	return note("syncfs", fd, fails ? EIO : 0);
}

/* Of two files, 10 and 11. */
static const char *
see_sync(int wanted)
{
	int fds[] = {10, 11};

	ATF_REQUIRE_EQ(10, dup2(0, 10));
	ATF_REQUIRE_EQ(11, dup2(0, 11));
	*seen = '\0';
	ATF_CHECK_EQ(wanted, sync_files(fds, 2));
	return seen;
}

ATF_TC_WITHOUT_HEAD(a_file_system_is_synced_once_by_its_first_file);
ATF_TC_BODY(a_file_system_is_synced_once_by_its_first_file, tc)
{
	ATF_CHECK_STREQ("syncfs 10\n", see_sync(0));
	apart = 1;
	ATF_CHECK_STREQ("syncfs 10\nsyncfs 11\n", see_sync(0));
	fails = 1;
	ATF_CHECK_STREQ("syncfs 10\n", see_sync(-1));
	ATF_CHECK_EQ(EIO, errno);
}

/* Linux empties the disk's cache too early there. */
ATF_TC_WITHOUT_HEAD(without_a_journal_the_disk_is_flushed_behind_the_sync);
ATF_TC_BODY(without_a_journal_the_disk_is_flushed_behind_the_sync, tc)
{
	is_loose = 1;
	ATF_CHECK_STREQ("syncfs 10\nfsync 20\n", see_sync(0));
	ATF_CHECK_EQ(-1, fcntl(20, F_GETFD));
	is_hidden = 1;
	ATF_CHECK_STREQ("syncfs 10\nfsync 10\n", see_sync(0));
	fails = 1;
	ATF_CHECK_STREQ("syncfs 10\n", see_sync(-1));
}

ATF_TC_WITHOUT_HEAD(a_journal_in_order_is_written_once_behind_all_files);
ATF_TC_BODY(a_journal_in_order_is_written_once_behind_all_files, tc)
{
	in_order = 1;
	ATF_CHECK_STREQ(
	    "begin 10\nbegin 11\nwrite 20\nwrite 21\nchange 20\nfsync 20\n", see_sync(0));
	apart = 1;
	ATF_CHECK_STREQ("begin 10\nwrite 20\nchange 20\nfsync 20\n"
			"begin 11\nwrite 21\nchange 21\nfsync 21\n",
	    see_sync(0));
}

ATF_TC_WITHOUT_HEAD(one_that_is_not_ours_to_change_is_no_obstacle);
ATF_TC_BODY(one_that_is_not_ours_to_change_is_no_obstacle, tc)
{
	in_order = is_foreign = 1;
	ATF_CHECK_STREQ("begin 10\nbegin 11\nwrite 20\nwrite 21\nchange 20\nsyncfs 10\n",
	    see_sync(0));
}

ATF_TC_WITHOUT_HEAD(a_file_that_can_not_be_written_is_told);
ATF_TC_BODY(a_file_that_can_not_be_written_is_told, tc)
{
	in_order = fails = 1;
	ATF_CHECK_STREQ("begin 10\nbegin 11\nwrite 20\n", see_sync(-1));
	ATF_CHECK_EQ(EIO, errno);
}

/* The kernel may drop what it has no place for, and tell nobody else. */
ATF_TC_WITHOUT_HEAD(what_can_not_be_begun_is_lost);
ATF_TC_BODY(what_can_not_be_begun_is_lost, tc)
{
	in_order = 1;
	begin_fails = ENOSPC;
	ATF_CHECK_STREQ("begin 10\nbegin 11\n", see_sync(SYNC_FILES_LOST));
	ATF_CHECK_EQ(ENOSPC, errno);
	begin_fails = EIO;
	see_sync(SYNC_FILES_LOST);
	ATF_CHECK_EQ(EIO, errno);
	/* it is all there still */
	begin_fails = ENOMEM;
	ATF_CHECK_STREQ("begin 10\nbegin 11\nsyncfs 10\n", see_sync(0));
}

/* It is told once to each who opened the file: not by us to the caller's descriptor. */
ATF_TC_WITHOUT_HEAD(what_fails_is_left_for_the_caller_to_hear);
ATF_TC_BODY(what_fails_is_left_for_the_caller_to_hear, tc)
{
	in_order = 1;
	ATF_CHECK(strstr(see_sync(0), "write 10") == NULL);
	ATF_CHECK(strstr(seen, "fsync 10") == NULL);
	ATF_CHECK_EQ(-1, fcntl(20, F_GETFD));
	ATF_CHECK_EQ(-1, fcntl(21, F_GETFD));
	is_hidden = 1;
	ATF_CHECK_STREQ("begin 10\nbegin 11\nsyncfs 10\n", see_sync(0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_file_system_is_synced_once_by_its_first_file);
	ATF_TP_ADD_TC(tp, without_a_journal_the_disk_is_flushed_behind_the_sync);
	ATF_TP_ADD_TC(tp, a_journal_in_order_is_written_once_behind_all_files);
	ATF_TP_ADD_TC(tp, one_that_is_not_ours_to_change_is_no_obstacle);
	ATF_TP_ADD_TC(tp, a_file_that_can_not_be_written_is_told);
	ATF_TP_ADD_TC(tp, what_can_not_be_begun_is_lost);
	ATF_TP_ADD_TC(tp, what_fails_is_left_for_the_caller_to_hear);
	return atf_no_error();
}
