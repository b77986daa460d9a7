#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>
#include <errmsg.h>

#include "inspect/pause_file.h"

static const char *
contents(void)
{
	static char buf[200];
	int fd = open("control/paused", O_RDONLY);
	ssize_t r = fd == -1 ? 0 : read(fd, buf, sizeof buf - 1);

	if (fd != -1)
		close(fd);
	buf[r > 0 ? r : 0] = '\0';
	return buf;
}

ATF_TC_WITHOUT_HEAD(lines_come_and_go_and_others_stay);
ATF_TC_BODY(lines_come_and_go_and_others_stay, tc)
{
	errmsg_iam("x");
	ATF_REQUIRE_EQ(0, mkdir("control", 0700));
	ATF_CHECK_EQ(1, pause_file_change("far.test", 1));
	ATF_CHECK_EQ(0, pause_file_change("Far.test", 1));
	ATF_CHECK_EQ(1, pause_file_change("local", 1));
	ATF_CHECK_STREQ("far.test\nlocal\n", contents());
	ATF_CHECK_EQ(0, pause_file_change("other.test", 0));
	ATF_CHECK_EQ(1, pause_file_change("far.test", 0));
	ATF_CHECK_STREQ("local\n", contents());
}

ATF_TC_WITHOUT_HEAD(only_what_can_be_paused_is_known);
ATF_TC_BODY(only_what_can_be_paused_is_known, tc)
{
	ATF_CHECK(pause_file_knows("local") && pause_file_knows("Remote"));
	ATF_CHECK(pause_file_knows("far.test"));
	ATF_CHECK(!pause_file_knows("a b"));
	ATF_CHECK(!pause_file_knows(""));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_come_and_go_and_others_stay);
	ATF_TP_ADD_TC(tp, only_what_can_be_paused_is_known);
	return atf_no_error();
}
