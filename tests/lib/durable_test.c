#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/durable.h"
#include "lib/new_file.h"

/*
 * The calls of the system whose failures can't be had here, in the place of libc's, and
 * what was asked of them.
 */
static int tmpfile_fails, link_fails, fsync_fails, fsyncs, syncfses;
static int last_synced; /* by fsync: of which type */
static unsigned long type = 0xef53;

int
openat(int dirfd, const char *path, int flags, ...)
{
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	if (tmpfile_fails != 0 && (flags & O_TMPFILE) == O_TMPFILE) {
		errno = tmpfile_fails;
		return -1;
	}
	return (int)syscall(SYS_openat, dirfd, path, flags, mode);
}

int
linkat(int from, const char *path, int to, const char *name, int flags)
{
	if (link_fails != 0) {
		errno = link_fails;
		return -1;
	}
	return (int)syscall(SYS_linkat, from, path, to, name, flags);
}

int
fsync(int fd)
{
	struct stat st;

	fsyncs++;
	last_synced = fstat(fd, &st) == 0 ? (int)(st.st_mode & S_IFMT) : 0;
	if (fsyncs == fsync_fails) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fsync, fd);
}

int
fstatfs(int fd, struct statfs *st)
{
	st->f_type = (__typeof__(st->f_type))type;
	return fd == -1 ? -1 : 0;
}

int
syncfs(int fd)
{
	syncfses++;
	return (int)syscall(SYS_syncfs, fd);
}

static int
files_in(const char *path)
{
	DIR *list = opendir(path);
	struct dirent *entry;
	int n = 0;

	ATF_REQUIRE(list != NULL);
	while ((entry = readdir(list)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(list);
	return n;
}

static void
check_content(const char *path, const char *wanted)
{
	char buf[100];
	int fd = open(path, O_RDONLY);
	ssize_t len = fd == -1 ? -1 : read(fd, buf, sizeof(buf) - 1);

	ATF_REQUIRE_MSG(len >= 0, "%s", path);
	buf[len] = '\0';
	close(fd);
	ATF_CHECK_STREQ(wanted, buf);
}

/* Put s into new/name.  As durable_commit. */
static int
put(const char *name, const char *s)
{
	struct durable d;

	mkdir("new", 0700);
	ATF_REQUIRE_EQ(0, durable_begin(&d, AT_FDCWD, "new", 0640));
	ATF_REQUIRE_EQ(0, durable_write(d.fd, s, strlen(s)));
	return durable_commit(&d, "new", name);
}

ATF_TC_WITHOUT_HEAD(a_file_has_no_name_until_it_is_complete);
ATF_TC_BODY(a_file_has_no_name_until_it_is_complete, tc)
{
	struct durable d;
	struct stat st;

	umask(022);
	ATF_REQUIRE_EQ(0, mkdir("new", 0700));
	ATF_REQUIRE_EQ(0, durable_begin(&d, AT_FDCWD, "new", 0660));
	ATF_REQUIRE_EQ(0, durable_write(d.fd, "text", 4));
	ATF_CHECK_EQ(0, files_in("new"));
	ATF_CHECK_EQ(0, durable_commit(&d, "new", "a"));
	ATF_CHECK_EQ(-1, d.fd);
	ATF_CHECK_EQ(1, files_in("new"));
	check_content("new/a", "text");
	ATF_CHECK_EQ(3, fsyncs); /* the data, the link in the inode, the folder */
	ATF_REQUIRE_EQ(0, stat("new/a", &st));
	ATF_CHECK_EQ(0640, st.st_mode & 07777);
	ATF_CHECK_EQ(1, st.st_nlink);
}

ATF_TC_WITHOUT_HEAD(without_tmpfile_it_has_a_name_of_its_own);
ATF_TC_BODY(without_tmpfile_it_has_a_name_of_its_own, tc)
{
	struct durable d;
	struct stat st;

	tmpfile_fails = EOPNOTSUPP;
	ATF_REQUIRE_EQ(0, mkdir("new", 0700));
	ATF_REQUIRE_EQ(0, durable_begin(&d, AT_FDCWD, "new", 0660));
	ATF_CHECK_EQ(1, files_in("new"));
	durable_abandon(&d);
	ATF_CHECK_EQ(0, files_in("new"));
	ATF_CHECK_EQ(0, put("a", "text"));
	ATF_CHECK_EQ(1, files_in("new"));
	check_content("new/a", "text");
	ATF_REQUIRE_EQ(0, stat("new/a", &st));
	ATF_CHECK_EQ(1, st.st_nlink);
	ATF_CHECK_EQ(-1, put("a", "other"));
	ATF_CHECK_EQ(EEXIST, errno);
	ATF_CHECK_EQ(1, files_in("new"));
	check_content("new/a", "text");
}

ATF_TC_WITHOUT_HEAD(without_hard_links_it_is_renamed);
ATF_TC_BODY(without_hard_links_it_is_renamed, tc)
{
	tmpfile_fails = EOPNOTSUPP;
	link_fails = EPERM;
	ATF_CHECK_EQ(0, put("a", "text"));
	check_content("new/a", "text");
	ATF_CHECK_EQ(-1, put("a", "other"));
	ATF_CHECK_EQ(EEXIST, errno);
	ATF_CHECK_EQ(1, files_in("new"));
	check_content("new/a", "text");
}

ATF_TC_WITHOUT_HEAD(a_name_that_is_taken_is_told_and_made_durable);
ATF_TC_BODY(a_name_that_is_taken_is_told_and_made_durable, tc)
{
	ATF_REQUIRE_EQ(0, put("a", "text"));
	fsyncs = 0;
	ATF_CHECK_EQ(-1, put("a", "other"));
	ATF_CHECK_EQ(EEXIST, errno);
	ATF_CHECK_EQ(3, fsyncs); /* ours, the other's, and its name */
	check_content("new/a", "text");
	ATF_CHECK_EQ(1, files_in("new"));
}

ATF_TC_WITHOUT_HEAD(a_name_that_was_taken_and_is_free_again_was_an_earlier_try);
ATF_TC_BODY(a_name_that_was_taken_and_is_free_again_was_an_earlier_try, tc)
{
	link_fails = EEXIST;
	ATF_CHECK_EQ(-1, put("a", "text"));
	ATF_CHECK_EQ(EEXIST, errno);
	ATF_CHECK_EQ(0, files_in("new"));
}

ATF_TC_WITHOUT_HEAD(a_name_taken_by_something_else_is_no_earlier_try);
ATF_TC_BODY(a_name_taken_by_something_else_is_no_earlier_try, tc)
{
	ATF_REQUIRE_EQ(0, mkdir("new", 0700));
	ATF_REQUIRE_EQ(0, mkdir("new/folder", 0700));
	ATF_REQUIRE_EQ(0, symlink("/dev/null", "new/link"));
	ATF_REQUIRE_EQ(0, mkfifo("new/fifo", 0600));
	ATF_CHECK_EQ(-1, put("folder", "text"));
	ATF_CHECK(errno != EEXIST);
	ATF_CHECK_EQ(-1, put("link", "text"));
	ATF_CHECK(errno != EEXIST);
	ATF_CHECK_EQ(-1, put("fifo", "text"));
	ATF_CHECK(errno != EEXIST);
}

ATF_TC_WITHOUT_HEAD(a_taken_name_that_cannot_be_synced_is_no_success);
ATF_TC_BODY(a_taken_name_that_cannot_be_synced_is_no_success, tc)
{
	ATF_REQUIRE_EQ(0, put("a", "text"));
	for (fsync_fails = 1; fsync_fails <= 3; fsync_fails++) {
		fsyncs = 0;
		ATF_CHECK_EQ(-1, put("a", "text"));
		ATF_CHECK_EQ(EIO, errno);
	}
	ATF_CHECK_EQ(1, files_in("new"));
}

ATF_TC_WITHOUT_HEAD(a_file_is_synced_before_it_is_named);
ATF_TC_BODY(a_file_is_synced_before_it_is_named, tc)
{
	fsync_fails = 1;
	link_fails = EMLINK;
	ATF_CHECK_EQ(-1, put("a", "text"));
	ATF_CHECK_EQ(EIO, errno);
}

ATF_TC_WITHOUT_HEAD(a_file_that_cannot_be_synced_gets_no_name);
ATF_TC_BODY(a_file_that_cannot_be_synced_gets_no_name, tc)
{
	fsync_fails = 1;
	ATF_CHECK_EQ(-1, put("a", "text"));
	ATF_CHECK_EQ(EIO, errno);
	ATF_CHECK_EQ(0, files_in("new"));
}

ATF_TC_WITHOUT_HEAD(a_folder_that_cannot_be_synced_is_no_success);
ATF_TC_BODY(a_folder_that_cannot_be_synced_is_no_success, tc)
{
	for (fsync_fails = 2; fsync_fails <= 3; fsync_fails++) {
		fsyncs = 0;
		ATF_CHECK_EQ(-1, put("a", "text"));
		ATF_CHECK_EQ(EIO, errno);
		/* who is told "not now" sends it again, and nobody wants it twice */
		ATF_CHECK_EQ(0, files_in("new"));
	}
}

ATF_TC(who_may_write_but_not_list_can_commit);
ATF_TC_HEAD(who_may_write_but_not_list_can_commit, tc)
{
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(who_may_write_but_not_list_can_commit, tc)
{
	int status;
	pid_t pid;

	ATF_REQUIRE_EQ(0, mkdir("new", 0700));
	ATF_REQUIRE_EQ(0, chown("new", 0, 12345));
	ATF_REQUIRE_EQ(0, chmod("new", 03730));
	pid = fork();
	if (pid == 0) {
		if (setresgid(12345, 12345, 12345) == -1 ||
		    setresuid(12345, 12345, 12345) == -1 || opendir("new") != NULL)
			_exit(1);
		if (put("a", "text") == -1 || syncfses != 1)
			_exit(2);
		_exit(put("a", "text") == -1 && errno == EEXIST && syncfses == 2 ? 0 : 3);
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK_EQ(0, status);
	check_content("new/a", "text");
}

ATF_TC_WITHOUT_HEAD(a_killed_process_leaves_nothing);
ATF_TC_BODY(a_killed_process_leaves_nothing, tc)
{
	struct durable d;
	pid_t pid;

	ATF_REQUIRE_EQ(0, mkdir("new", 0700));
	pid = fork();
	if (pid == 0) {
		durable_begin(&d, AT_FDCWD, "new", 0600);
		durable_write(d.fd, "text", 4);
		kill(getpid(), SIGKILL);
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, NULL, 0));
	ATF_CHECK_EQ(0, files_in("new"));
}

ATF_TC_WITHOUT_HEAD(on_unknown_file_systems_the_file_is_synced_once_more);
ATF_TC_BODY(on_unknown_file_systems_the_file_is_synced_once_more, tc)
{
	static const unsigned long unknown[] = {
	    0x65735546, 0x6969, 0xff534d42, 0x794c7630};
	char name[] = "a";
	size_t i;

	for (i = 0; i < sizeof unknown / sizeof *unknown; i++, name[0]++) {
		type = unknown[i];
		fsyncs = 0;
		tmpfile_fails = EOPNOTSUPP;
		ATF_CHECK_EQ(0, put(name, "text"));
		ATF_CHECK_EQ(3, fsyncs); /* its data, its folder, its name */
		ATF_CHECK_EQ(S_IFREG, last_synced);
		fsync_fails = fsyncs + 3;
		ATF_CHECK_EQ(-1, put("not", "text"));
		ATF_CHECK_EQ(EIO, errno);
		ATF_CHECK_EQ(-1, access("new/not", F_OK));
		fsync_fails = 0;
		/* an earlier try */
		fsyncs = 0;
		ATF_CHECK_EQ(-1, put(name, "text"));
		ATF_CHECK_EQ(EEXIST, errno);
		ATF_CHECK_EQ(S_IFREG, last_synced);
	}
	ATF_CHECK_EQ(0, syncfses);
	type = 0xef53;
	fsyncs = 0;
	ATF_CHECK_EQ(0, put("known", "text"));
	ATF_CHECK_EQ(2, fsyncs);
}

ATF_TC_WITHOUT_HEAD(a_full_disk_is_told);
ATF_TC_BODY(a_full_disk_is_told, tc)
{
	static char large[20000];
	struct rlimit limit = {10000, 10000};
	struct durable d;

	signal(SIGXFSZ, SIG_IGN);
	ATF_REQUIRE_EQ(0, put("old", "old"));
	ATF_REQUIRE_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
	ATF_REQUIRE_EQ(0, durable_begin(&d, AT_FDCWD, "new", 0600));
	ATF_CHECK_EQ(-1, durable_write(d.fd, large, sizeof(large)));
	ATF_CHECK_EQ(EFBIG, errno);
	durable_abandon(&d);
	ATF_CHECK_EQ(EFBIG, errno);
	ATF_CHECK_EQ(-1, new_file_replace("new/old", large, sizeof(large), 0600));
	ATF_CHECK_EQ(EFBIG, errno);
	ATF_CHECK_EQ(1, files_in("new"));
	check_content("new/old", "old");
}

ATF_TC_WITHOUT_HEAD(missing_folders_are_told);
ATF_TC_BODY(missing_folders_are_told, tc)
{
	struct durable d;

	ATF_CHECK_EQ(-1, durable_begin(&d, AT_FDCWD, "missing", 0600));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_REQUIRE_EQ(0, mkdir("new", 0700));
	ATF_REQUIRE_EQ(0, durable_begin(&d, AT_FDCWD, "new", 0600));
	ATF_CHECK_EQ(-1, durable_commit(&d, "missing", "a"));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK_EQ(-1, durable_sync_directory(AT_FDCWD, "missing"));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK_EQ(-1, new_file_replace("missing/a", "b", 1, 0600));
	ATF_CHECK_EQ(ENOENT, errno);
}

ATF_TC_WITHOUT_HEAD(paths_are_relative_to_the_descriptor);
ATF_TC_BODY(paths_are_relative_to_the_descriptor, tc)
{
	struct durable d;
	int dir, round;

	ATF_REQUIRE_EQ(0, mkdir("maildir", 0700));
	ATF_REQUIRE_EQ(0, mkdir("maildir/tmp", 0700));
	ATF_REQUIRE_EQ(0, mkdir("maildir/new", 0700));
	dir = open("maildir", O_PATH | O_DIRECTORY);
	for (round = 0; round < 2; round++) {
		ATF_REQUIRE_EQ(0, durable_begin(&d, dir, "tmp", 0600));
		ATF_CHECK_EQ(0, durable_commit(&d, "new", round == 0 ? "a" : "b"));
		tmpfile_fails = EOPNOTSUPP;
	}
	ATF_CHECK_EQ(2, files_in("maildir/new"));
	ATF_CHECK_EQ(0, files_in("maildir/tmp"));
}

ATF_TC_WITHOUT_HEAD(a_file_is_replaced_as_a_whole);
ATF_TC_BODY(a_file_is_replaced_as_a_whole, tc)
{
	struct stat st;

	umask(077);
	ATF_REQUIRE_EQ(0, mkdir("new", 0700));
	ATF_CHECK_EQ(0, new_file_replace("new/a", "first", 5, 0644));
	ATF_CHECK_EQ(0, new_file_replace("new/a", "second", 6, 0644));
	check_content("new/a", "second");
	ATF_CHECK_EQ(4, fsyncs);
	ATF_REQUIRE_EQ(0, stat("new/a", &st));
	ATF_CHECK_EQ(0644, st.st_mode & 07777);
	fsync_fails = 5;
	ATF_CHECK_EQ(-1, new_file_replace("new/a", "third", 5, 0644));
	ATF_CHECK_EQ(EIO, errno);
	check_content("new/a", "second");
	ATF_CHECK_EQ(1, files_in("new"));
	ATF_CHECK_EQ(0, new_file_replace("plain", "x", 1, 0600));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_file_has_no_name_until_it_is_complete);
	ATF_TP_ADD_TC(tp, without_tmpfile_it_has_a_name_of_its_own);
	ATF_TP_ADD_TC(tp, without_hard_links_it_is_renamed);
	ATF_TP_ADD_TC(tp, a_name_that_is_taken_is_told_and_made_durable);
	ATF_TP_ADD_TC(tp, a_name_that_was_taken_and_is_free_again_was_an_earlier_try);
	ATF_TP_ADD_TC(tp, a_name_taken_by_something_else_is_no_earlier_try);
	ATF_TP_ADD_TC(tp, a_taken_name_that_cannot_be_synced_is_no_success);
	ATF_TP_ADD_TC(tp, a_file_is_synced_before_it_is_named);
	ATF_TP_ADD_TC(tp, a_file_that_cannot_be_synced_gets_no_name);
	ATF_TP_ADD_TC(tp, a_folder_that_cannot_be_synced_is_no_success);
	ATF_TP_ADD_TC(tp, who_may_write_but_not_list_can_commit);
	ATF_TP_ADD_TC(tp, a_killed_process_leaves_nothing);
	ATF_TP_ADD_TC(tp, on_unknown_file_systems_the_file_is_synced_once_more);
	ATF_TP_ADD_TC(tp, a_full_disk_is_told);
	ATF_TP_ADD_TC(tp, missing_folders_are_told);
	ATF_TP_ADD_TC(tp, paths_are_relative_to_the_descriptor);
	ATF_TP_ADD_TC(tp, a_file_is_replaced_as_a_whole);
	return atf_no_error();
}
