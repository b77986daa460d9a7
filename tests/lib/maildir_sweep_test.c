#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/maildir_sweep.h"

static time_t later; /* seconds that have gone by */

time_t
time(time_t *t)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (t != NULL)
		*t = now.tv_sec + later;
	return now.tv_sec + later;
}

static void
make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	ATF_REQUIRE(fd != -1);
	close(fd);
}

ATF_TC_WITHOUT_HEAD(only_old_files_in_tmp_go);
ATF_TC_BODY(only_old_files_in_tmp_go, tc)
{
	const struct timespec past[] = {{0}, {0}};

	ATF_REQUIRE_EQ(0, mkdir("tmp", 0700));
	ATF_REQUIRE_EQ(0, mkdir("new", 0700));
	ATF_REQUIRE_EQ(0, mkdir("tmp/folder", 0700));
	make("tmp/one");
	make("tmp/.hidden");
	make("new/two");
	/* what its owner says of its age counts only with what the file system says */
	ATF_REQUIRE_EQ(0, utimensat(AT_FDCWD, "tmp/one", past, 0));
	later = MAILDIR_SWEEP_AGE - 60;
	maildir_sweep(AT_FDCWD);
	ATF_CHECK_EQ(0, access("tmp/one", F_OK));
	later = MAILDIR_SWEEP_AGE + 60;
	maildir_sweep(AT_FDCWD);
	ATF_CHECK_EQ(-1, access("tmp/one", F_OK));
	ATF_CHECK_EQ(0, access("tmp/.hidden", F_OK));
	ATF_CHECK_EQ(0, access("tmp/folder", F_OK));
	ATF_CHECK_EQ(0, access("new/two", F_OK));
}

ATF_TC_WITHOUT_HEAD(a_maildir_without_tmp_has_nothing);
ATF_TC_BODY(a_maildir_without_tmp_has_nothing, tc)
{
	maildir_sweep(AT_FDCWD);
	maildir_sweep(-1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, only_old_files_in_tmp_go);
	ATF_TP_ADD_TC(tp, a_maildir_without_tmp_has_nothing);
	return atf_no_error();
}
