#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>
#include <errmsg.h>

#include "queue/foreign.h"
#include "queue/place.h"

/* How many lines were logged since descriptor 2 was turned to the file log. */
static size_t
count_lines(void)
{
	static char buf[65536];
	int fd = open("log", O_RDONLY);
	ssize_t r = read(fd, buf, sizeof buf);
	size_t n = 0;

	close(fd);
	for (ssize_t i = 0; i < r; ++i)
		n += buf[i] == '\n';
	return n;
}

static void
begin(void)
{
	errmsg_iam("x");
	ATF_REQUIRE_EQ(0, mkdir("queue", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/new", 0700));
	ATF_REQUIRE_EQ(0, mkdir("queue/bad", 0700));
	ATF_REQUIRE(freopen("log", "w", stderr) != NULL);
}

ATF_TC_WITHOUT_HEAD(each_is_told_once_and_not_endlessly);
ATF_TC_BODY(each_is_told_once_and_not_endlessly, tc)
{
	struct foreign f = {0};
	char name[20];

	begin();
	foreign_meet(&f, "queue/new", "README", "no message");
	foreign_meet(&f, "queue/new", "README", "no message");
	ATF_CHECK_EQ(1, count_lines());
	foreign_meet(&f, "queue/later", "README", "no message");
	ATF_CHECK_EQ(2, count_lines());
	for (int i = 0; i < 3 * FOREIGN_MAX; ++i) {
		sprintf(name, "%d", i);
		foreign_meet(&f, "queue/new", name, "no message");
	}
	ATF_CHECK(count_lines() <= FOREIGN_MAX + 1);
}

ATF_TC_WITHOUT_HEAD(names_that_are_being_written_are_left_alone);
ATF_TC_BODY(names_that_are_being_written_are_left_alone, tc)
{
	static const char *const names[] = {".hidden", "tmp.0hofc", "README"};
	struct foreign f = {0};
	char path[PLACE_PATH_MAX];

	begin();
	for (int i = 0; i < 3; ++i) {
		place_path(path, PLACE_NEW, names[i]);
		close(open(path, O_WRONLY | O_CREAT, 0600));
		foreign_condemn_name(&f, names[i], PLACE_NEW);
	}
	ATF_CHECK_EQ(0, access("queue/new/.hidden", F_OK));
	ATF_CHECK_EQ(0, access("queue/new/tmp.0hofc", F_OK));
	ATF_CHECK_EQ(0, access("queue/bad/README", F_OK));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_is_told_once_and_not_endlessly);
	ATF_TP_ADD_TC(tp, names_that_are_being_written_are_left_alone);
	return atf_no_error();
}
