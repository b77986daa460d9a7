#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/syncer.h"

/*
 * The calls of the system, in the place of libc's; what the child is to do is told by
 * files in the working directory, and by what was set before it was forked.
 */
static unsigned long type = 0xef53;
static int in_order; /* file_system_commits_in_order */
static int apart;    /* each file has a file system of its own */
static const char *release = "6.1.0-1-amd64";

static void
note(const char *what)
{
	int fd = open("seen", O_WRONLY | O_APPEND | O_CREAT, 0600);

	if (fd == -1 || write(fd, what, strlen(what)) == -1)
		abort();
	close(fd);
}

static void
note_file(const char *what, int fd)
{
	struct stat st;
	char line[50];

	if (fstat(fd, &st) == -1)
		abort();
	snprintf(line, sizeof(line), "%s%llu\n", what, (unsigned long long)st.st_ino);
	note(line);
}

int
fstat(int fd, struct stat *st)
{
	int r = fstatat(fd, "", st, AT_EMPTY_PATH);

	if (apart)
		st->st_dev = st->st_ino;
	return r;
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
	return 1;
}

int
sync_file_range(int fd, off_t offset, off_t len, unsigned flags)
{
	(void)offset;
	(void)len;
	if (flags != SYNC_FILE_RANGE_WRITE)
		note_file("written ", fd);
	return 0;
}

int
syncfs(int fd)
{
	note_file("", fd);
	if (access("die", F_OK) == 0)
		_exit(1);
	while (access("hang", F_OK) == 0)
		poll(NULL, 0, 5);
	if (access("fail", F_OK) == 0) {
		errno = EIO;
		return -1;
	}
	return 0;
}

int
fstatfs(int fd, struct statfs *st)
{
	st->f_type = (__typeof__(st->f_type))type;
	return fd == -1 ? -1 : 0;
}

int
uname(struct utsname *name)
{
	strcpy(name->release, release);
	return 0;
}

static void
make(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0600);

	ATF_REQUIRE(fd != -1);
	close(fd);
}

static unsigned long long
inode(int fd)
{
	struct stat st;

	ATF_REQUIRE_EQ(0, fstat(fd, &st));
	return st.st_ino;
}

/* Until the sync is over; as syncer_end then. */
static int
finish(struct syncer *s)
{
	int r;

	while ((r = syncer_end(s)) == 0) {
		struct pollfd polled = {.fd = s->fd, .events = POLLIN};

		deadline_poll(&polled, 1, s->until);
	}
	return r;
}

/* Until the child that was told to do something odd has come there. */
static void
wait_for_lines(int lines)
{
	char buf[1000];

	for (;;) {
		int fd = open("seen", O_RDONLY), n = 0;
		ssize_t r = fd == -1 ? 0 : read(fd, buf, sizeof(buf)), i;

		if (fd != -1)
			close(fd);
		for (i = 0; i < r; i++)
			n += buf[i] == '\n';
		if (n >= lines)
			return;
		poll(NULL, 0, 5);
	}
}

ATF_TC_WITHOUT_HEAD(each_file_system_is_synced_before_the_end);
ATF_TC_BODY(each_file_system_is_synced_before_the_end, tc)
{
	struct syncer s = {0};
	char wanted[100], got[100] = "";
	int fds[3], fd;
	size_t i;

	apart = 1;
	wanted[0] = '\0';
	for (i = 0; i < 3; i++) {
		char name[] = {(char)('a' + i), '\0'};

		make(name);
		fds[i] = open(name, O_RDONLY);
		snprintf(wanted + strlen(wanted), 30, "%llu\n", inode(fds[i]));
	}
	ATF_REQUIRE_EQ(0, syncer_begin(&s, fds, 3));
	/* they are the child's now, too */
	for (i = 0; i < 3; i++)
		close(fds[i]);
	ATF_REQUIRE_EQ(1, finish(&s));
	fd = open("seen", O_RDONLY);
	ATF_REQUIRE(read(fd, got, sizeof(got) - 1) > 0);
	ATF_CHECK_STREQ(wanted, got);
	ATF_REQUIRE_EQ(0, syncer_begin(&s, &fd, 1));
	ATF_CHECK_EQ(1, finish(&s));
	syncer_leave(&s);
}

/* What was seen of a sync of these files; they are closed. */
static const char *
see_sync(int *fds, size_t n, int wanted)
{
	static char seen[65536];
	struct syncer s = {0};
	ssize_t r;
	int fd;
	size_t i;

	unlink("seen");
	ATF_REQUIRE_EQ(0, syncer_begin(&s, fds, n));
	for (i = 0; i < n; i++)
		close(fds[i]);
	ATF_CHECK_EQ(wanted, finish(&s));
	syncer_leave(&s);
	fd = open("seen", O_RDONLY);
	r = read(fd, seen, sizeof(seen) - 1);
	ATF_REQUIRE(r >= 0);
	close(fd);
	seen[r] = '\0';
	return seen;
}

ATF_TC_WITHOUT_HEAD(many_files_come_to_the_child);
ATF_TC_BODY(many_files_come_to_the_child, tc)
{
	int fds[SYNCER_MAX], own = open("own", O_RDWR | O_CREAT, 0600);
	size_t i, written = 0;
	const char *s;

	in_order = 1;
	for (i = 0; i < SYNCER_MAX; i++)
		ATF_REQUIRE((fds[i] = dup(own)) != -1);
	for (s = see_sync(fds, SYNCER_MAX, 1); *s != '\0'; s++)
		written += strncmp(s, "written ", 8) == 0;
	ATF_CHECK_EQ(SYNCER_MAX, written);
}

ATF_TC_WITHOUT_HEAD(one_sync_at_a_time);
ATF_TC_BODY(one_sync_at_a_time, tc)
{
	struct syncer s = {0};
	int fd = open(".", O_RDONLY);

	ATF_CHECK_EQ(-1, syncer_end(&s));
	ATF_CHECK_EQ(-1, syncer_begin(&s, &fd, 0));
	ATF_CHECK_EQ(-1, syncer_begin(&s, &fd, SYNCER_MAX + 1));
	make("hang");
	ATF_REQUIRE_EQ(0, syncer_begin(&s, &fd, 1));
	ATF_CHECK_EQ(0, syncer_end(&s));
	ATF_CHECK_EQ(-1, syncer_begin(&s, &fd, 1));
	ATF_CHECK_EQ(EBUSY, errno);
	unlink("hang");
	ATF_CHECK_EQ(1, finish(&s));
	syncer_leave(&s);
}

ATF_TC_WITHOUT_HEAD(a_failure_is_told);
ATF_TC_BODY(a_failure_is_told, tc)
{
	struct syncer s = {0};
	int fd = open(".", O_RDONLY), none = -1;

	make("fail");
	ATF_REQUIRE_EQ(0, syncer_begin(&s, &fd, 1));
	ATF_CHECK_EQ(-1, finish(&s));
	ATF_CHECK_EQ(EIO, errno);
	unlink("fail");
	ATF_CHECK_EQ(-1, syncer_begin(&s, &none, 1));
	ATF_CHECK_EQ(EBADF, errno);
	ATF_REQUIRE_EQ(0, syncer_begin(&s, &fd, 1));
	ATF_CHECK_EQ(1, finish(&s));
	syncer_leave(&s);
}

ATF_TC_WITHOUT_HEAD(a_child_that_dies_is_followed_by_another);
ATF_TC_BODY(a_child_that_dies_is_followed_by_another, tc)
{
	struct syncer s = {0};
	int fd = open(".", O_RDONLY), i;
	pid_t first;

	for (i = 0; i < 3; i++) {
		make("die");
		ATF_REQUIRE_EQ(0, syncer_begin(&s, &fd, 1));
		ATF_CHECK_EQ(-1, finish(&s));
		ATF_CHECK_EQ(EPIPE, errno);
		unlink("die");
		ATF_REQUIRE_EQ(0, syncer_begin(&s, &fd, 1));
		ATF_CHECK_EQ(1, finish(&s));
		/* killed while it has nothing to do */
		first = s.child;
		ATF_REQUIRE_EQ(0, kill(first, SIGKILL));
		while (kill(first, 0) == 0 && waitpid(first, NULL, WNOHANG) == 0)
			poll(NULL, 0, 5);
		ATF_REQUIRE_EQ(0, syncer_begin(&s, &fd, 1));
		ATF_CHECK_EQ(1, finish(&s));
		ATF_CHECK(s.child != first);
	}
	syncer_leave(&s);
	ATF_CHECK_EQ(0, s.child);
	while (waitpid(-1, NULL, 0) == -1 && errno == EINTR)
		;
	ATF_CHECK_EQ(-1, waitpid(-1, NULL, WNOHANG));
}

ATF_TC_WITHOUT_HEAD(one_that_hangs_is_late_and_comes_back);
ATF_TC_BODY(one_that_hangs_is_late_and_comes_back, tc)
{
	struct syncer s = {0};
	int fd = open(".", O_RDONLY), r;
	int64_t begun = deadline_now();
	pid_t child;

	make("hang");
	ATF_REQUIRE_EQ(0, syncer_begin(&s, &fd, 1));
	child = s.child;
	ATF_CHECK_EQ(-1, finish(&s));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK(deadline_now() - begun >= SYNCER_PATIENCE);
	/* no second one beside it, and no waiting for it */
	ATF_CHECK_EQ(-1, syncer_begin(&s, &fd, 1));
	ATF_CHECK_EQ(EBUSY, errno);
	ATF_CHECK_EQ(-1, syncer_end(&s));
	unlink("hang");
	while ((r = syncer_begin(&s, &fd, 1)) == -1)
		poll(NULL, 0, 5);
	/* the answer is that of the second sync */
	ATF_CHECK_EQ(1, finish(&s));
	wait_for_lines(2);
	ATF_CHECK_EQ(child, s.child);
	syncer_leave(&s);
}

ATF_TC_WITHOUT_HEAD(it_ends_with_its_parent_and_holds_nothing_of_it);
ATF_TC_BODY(it_ends_with_its_parent_and_holds_nothing_of_it, tc)
{
	int ends[2], r;
	pid_t parent;
	char c;

	/* a pipe of which the parent has the only other end */
	ATF_REQUIRE_EQ(0, pipe(ends));
	make("hang");
	parent = fork();
	if (parent == 0) {
		struct syncer s = {0};
		int fd = open(".", O_RDONLY);

		close(ends[0]);
		_exit(syncer_begin(&s, &fd, 1) == -1);
	}
	close(ends[1]);
	ATF_REQUIRE_EQ(parent, waitpid(parent, &r, 0));
	ATF_CHECK(WIFEXITED(r) && WEXITSTATUS(r) == 0);
	/* its child still hangs, but the pipe has ended */
	ATF_CHECK_EQ(0, read(ends[0], &c, 1));
	wait_for_lines(1);
	unlink("hang");
}

ATF_TC_WITHOUT_HEAD(only_known_file_systems_fit);
ATF_TC_BODY(only_known_file_systems_fit, tc)
{
	int fd = open(".", O_RDONLY);

	ATF_CHECK_EQ(1, syncer_fits(fd));
	type = 0x9123683e;
	ATF_CHECK_EQ(1, syncer_fits(fd));
	type = 0x65735546; /* FUSE */
	ATF_CHECK_EQ(0, syncer_fits(fd));
	ATF_CHECK_EQ(0, syncer_fits(-1));
}

ATF_TC_WITHOUT_HEAD(nor_those_of_a_kernel_that_hides_failures);
ATF_TC_BODY(nor_those_of_a_kernel_that_hides_failures, tc)
{
	release = "5.7.19";
	ATF_CHECK_EQ(0, syncer_fits(open(".", O_RDONLY)));
}

ATF_TC_WITHOUT_HEAD(the_first_kernel_that_tells_them_will_do);
ATF_TC_BODY(the_first_kernel_that_tells_them_will_do, tc)
{
	release = "5.8.0-rc1";
	ATF_CHECK_EQ(1, syncer_fits(open(".", O_RDONLY)));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_file_system_is_synced_before_the_end);
	ATF_TP_ADD_TC(tp, many_files_come_to_the_child);
	ATF_TP_ADD_TC(tp, one_sync_at_a_time);
	ATF_TP_ADD_TC(tp, a_failure_is_told);
	ATF_TP_ADD_TC(tp, a_child_that_dies_is_followed_by_another);
	ATF_TP_ADD_TC(tp, one_that_hangs_is_late_and_comes_back);
	ATF_TP_ADD_TC(tp, it_ends_with_its_parent_and_holds_nothing_of_it);
	ATF_TP_ADD_TC(tp, only_known_file_systems_fit);
	ATF_TP_ADD_TC(tp, nor_those_of_a_kernel_that_hides_failures);
	ATF_TP_ADD_TC(tp, the_first_kernel_that_tells_them_will_do);
	return atf_no_error();
}
