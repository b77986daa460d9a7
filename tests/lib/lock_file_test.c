#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/lock_file.h"

/* A full disk can't be had here: openat in the place of libc's. */
static int open_fails;

int
openat(int dirfd, const char *path, int flags, ...)
{
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = va_arg(ap, mode_t);
	va_end(ap);
	if (open_fails) {
		errno = open_fails;
		return -1;
	}
	return (int)syscall(SYS_openat, dirfd, path, flags, mode);
}

static int
open_folder(void)
{
	int fd;

	mkdir("folder", 0700);
	fd = open("folder", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ATF_REQUIRE(fd != -1);
	return fd;
}

ATF_TC_WITHOUT_HEAD(one_has_the_lock_until_he_leaves_it);
ATF_TC_BODY(one_has_the_lock_until_he_leaves_it, tc)
{
	int a = open_folder(), b = open_folder(), lock = lock_file_take(a, "lock");

	ATF_REQUIRE(lock != -1);
	ATF_CHECK_EQ(0, access("folder/lock", F_OK));
	ATF_CHECK_EQ(-1, lock_file_take(b, "lock"));
	ATF_CHECK_EQ(EWOULDBLOCK, errno);
	lock_file_leave(a, lock);
	lock = lock_file_take(b, "lock");
	ATF_CHECK(lock != -1);
	ATF_CHECK_EQ(-1, lock_file_take(a, "lock"));
	lock_file_leave(b, lock);
}

/* On another machine nobody sees that the folder is locked here. */
ATF_TC_WITHOUT_HEAD(who_is_on_another_machine_has_it_too);
ATF_TC_BODY(who_is_on_another_machine_has_it_too, tc)
{
	int folder = open_folder(), other, lock;

	ATF_REQUIRE_EQ(0, lock_file_make(folder, "lock"));
	other = open("folder/lock", O_RDWR);
	ATF_REQUIRE_EQ(0, flock(other, LOCK_EX));
	ATF_CHECK_EQ(-1, lock_file_take(folder, "lock"));
	ATF_CHECK_EQ(EWOULDBLOCK, errno);
	ATF_CHECK_EQ(0, flock(open_folder(), LOCK_EX | LOCK_NB)); /* given back */
	close(other);
	folder = open_folder();
	ATF_CHECK_EQ(-1, lock_file_take(folder, "lock"));
	ATF_CHECK_EQ(EWOULDBLOCK, errno);
	lock = open("folder/lock", O_RDWR);
	ATF_CHECK_EQ(0, flock(lock, LOCK_EX | LOCK_NB));
}

ATF_TC_WITHOUT_HEAD(a_full_disk_leaves_the_lock_of_the_folder);
ATF_TC_BODY(a_full_disk_leaves_the_lock_of_the_folder, tc)
{
	int a = open_folder(), b = open_folder(), lock;

	open_fails = ENOSPC;
	lock = lock_file_take(a, "lock");
	ATF_CHECK_EQ(a, lock);
	open_fails = 0;
	ATF_CHECK_EQ(-1, lock_file_take(b, "lock"));
	ATF_CHECK_EQ(EWOULDBLOCK, errno);
	lock_file_leave(a, lock);
	open_fails = EMFILE;
	ATF_CHECK_EQ(-1, lock_file_take(b, "lock"));
	ATF_CHECK_EQ(EMFILE, errno);
	open_fails = 0;
	ATF_CHECK(lock_file_take(a, "lock") != -1);
}

ATF_TC_WITHOUT_HEAD(what_is_no_file_is_no_lock);
ATF_TC_BODY(what_is_no_file_is_no_lock, tc)
{
	int folder = open_folder();

	ATF_REQUIRE_EQ(0, symlink("victim", "folder/link"));
	ATF_CHECK_EQ(-1, lock_file_take(folder, "link"));
	ATF_CHECK_EQ(-1, access("folder/victim", F_OK));
	ATF_REQUIRE_EQ(0, mkfifo("folder/fifo", 0600));
	ATF_CHECK_EQ(-1, lock_file_take(folder, "fifo"));
	ATF_CHECK_EQ(EINVAL, errno);
}

ATF_TC_WITHOUT_HEAD(a_child_of_who_was_killed_is_waited_for);
ATF_TC_BODY(a_child_of_who_was_killed_is_waited_for, tc)
{
	int a = open_folder(), b, lock = lock_file_take(a, "lock");
	pid_t child = fork();

	ATF_REQUIRE(lock != -1 && child != -1);
	if (child == 0) {
		usleep(100000);
		_exit(0);
	}
	close(lock);
	close(a);
	b = open_folder();
	ATF_CHECK_EQ(-1, lock_file_take(b, "lock"));
	lock = lock_file_await(b, "lock", 30000);
	ATF_CHECK(lock != -1);
	waitpid(child, NULL, 0);
	/* but not for ever */
	a = open_folder();
	ATF_CHECK_EQ(-1, lock_file_await(a, "lock", 100));
	ATF_CHECK_EQ(EWOULDBLOCK, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, one_has_the_lock_until_he_leaves_it);
	ATF_TP_ADD_TC(tp, who_is_on_another_machine_has_it_too);
	ATF_TP_ADD_TC(tp, a_full_disk_leaves_the_lock_of_the_folder);
	ATF_TP_ADD_TC(tp, what_is_no_file_is_no_lock);
	ATF_TP_ADD_TC(tp, a_child_of_who_was_killed_is_waited_for);
	return atf_no_error();
}
