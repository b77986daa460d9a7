#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "deliver/maildir_tmp.h"
#include "lib/text.h"

#define NAME "1.2.host,S=3,W=4"

static struct maildir_delivery delivery;

static void
begin(void)
{
	ATF_REQUIRE_EQ(0, mkdir("tmp", 0700));
	text_set(&delivery.name, NAME);
}

static void
leave(void)
{
	durable_abandon(&delivery.file);
}

ATF_TC_WITHOUT_HEAD(a_file_has_its_name_and_is_locked);
ATF_TC_BODY(a_file_has_its_name_and_is_locked, tc)
{
	int fd;

	begin();
	ATF_REQUIRE_EQ(MAILDIR_WRITTEN, maildir_tmp_begin(AT_FDCWD, &delivery, 0));
	ATF_CHECK_STREQ("tmp/" NAME, delivery.file.tmp);
	fd = open("tmp/" NAME, O_RDONLY);
	ATF_REQUIRE(fd != -1);
	ATF_CHECK_EQ(-1, flock(fd, LOCK_EX | LOCK_NB));
	close(fd);
	leave();
	ATF_CHECK_EQ(-1, access("tmp/" NAME, F_OK));
}

ATF_TC_WITHOUT_HEAD(one_that_was_left_goes_only_when_it_may);
ATF_TC_BODY(one_that_was_left_goes_only_when_it_may, tc)
{
	begin();
	atf_utils_create_file("tmp/" NAME, "%s", "left");
	ATF_CHECK_EQ(MAILDIR_TMP_LEFT, maildir_tmp_begin(AT_FDCWD, &delivery, 0));
	ATF_CHECK_EQ(-1, delivery.file.fd);
	ATF_CHECK(atf_utils_compare_file("tmp/" NAME, "left"));
	ATF_CHECK_EQ(MAILDIR_WRITTEN, maildir_tmp_begin(AT_FDCWD, &delivery, 1));
	ATF_CHECK(atf_utils_compare_file("tmp/" NAME, ""));
	leave();
}

ATF_TC_WITHOUT_HEAD(another_process_has_it);
ATF_TC_BODY(another_process_has_it, tc)
{
	int fd;

	begin();
	atf_utils_create_file("tmp/" NAME, "%s", "begun");
	fd = open("tmp/" NAME, O_RDONLY);
	ATF_REQUIRE_EQ(0, flock(fd, LOCK_EX));
	ATF_CHECK_EQ(MAILDIR_TMP_BUSY, maildir_tmp_begin(AT_FDCWD, &delivery, 1));
	ATF_CHECK_EQ(-1, delivery.file.fd);
	leave();
	ATF_CHECK(atf_utils_compare_file("tmp/" NAME, "begun"));
	close(fd);
}

/* Another local-deliver, which takes away what nobody has locked. */
static pid_t
hunt(void)
{
	pid_t child = fork();
	int fd;

	while (child == 0) {
		fd = open("tmp/" NAME, O_RDONLY);
		if (fd == -1)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			unlink("tmp/" NAME);
		close(fd);
	}
	return child;
}

ATF_TC_WITHOUT_HEAD(what_is_begun_is_ours_alone);
ATF_TC_BODY(what_is_begun_is_ours_alone, tc)
{
	struct stat open_file, named;
	pid_t child;
	int i;

	begin();
	child = hunt();
	ATF_REQUIRE(child != -1);
	for (i = 0; i < 5000; i++) {
		int r = maildir_tmp_begin(AT_FDCWD, &delivery, 1);

		if (r == MAILDIR_TMP_BUSY)
			continue;
		ATF_REQUIRE_EQ(MAILDIR_WRITTEN, r);
		ATF_REQUIRE_EQ(0, fstat(delivery.file.fd, &open_file));
		ATF_REQUIRE_EQ(0, stat("tmp/" NAME, &named));
		ATF_REQUIRE_EQ(open_file.st_ino, named.st_ino);
		leave();
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_file_has_its_name_and_is_locked);
	ATF_TP_ADD_TC(tp, one_that_was_left_goes_only_when_it_may);
	ATF_TP_ADD_TC(tp, another_process_has_it);
	ATF_TP_ADD_TC(tp, what_is_begun_is_ours_alone);
	return atf_no_error();
}
