#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/stranger.h"

static void
control(const char *text)
{
	int fd = open("control/timeoutstranger", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

ATF_TC_WITHOUT_HEAD(a_quarter_of_the_time_when_it_is_busy);
ATF_TC_BODY(a_quarter_of_the_time_when_it_is_busy, tc)
{
	unsigned seconds = 0;

	unsetenv(STRANGER_BUSY);
	ATF_REQUIRE(mkdir("control", 0700) == 0);
	ATF_CHECK_EQ(0, stranger_seconds(&seconds));
	ATF_CHECK_EQ(60, seconds);
	control("90\n");
	ATF_CHECK_EQ(0, stranger_seconds(&seconds));
	ATF_CHECK_EQ(90, seconds);
	setenv(STRANGER_BUSY, "1", 1);
	ATF_CHECK_EQ(0, stranger_seconds(&seconds));
	ATF_CHECK_EQ(23, seconds);
	control("1\n");
	ATF_CHECK_EQ(0, stranger_seconds(&seconds));
	ATF_CHECK_EQ(1, seconds);
}

ATF_TC_WITHOUT_HEAD(nonsense_is_no_time);
ATF_TC_BODY(nonsense_is_no_time, tc)
{
	unsigned seconds = 7;

	ATF_REQUIRE(mkdir("control", 0700) == 0);
	control("soon\n");
	ATF_CHECK_EQ(-1, stranger_seconds(&seconds));
	control("0\n");
	ATF_CHECK_EQ(-1, stranger_seconds(&seconds));
	control("86401\n");
	ATF_CHECK_EQ(-1, stranger_seconds(&seconds));
	ATF_CHECK_EQ(7, seconds);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_quarter_of_the_time_when_it_is_busy);
	ATF_TP_ADD_TC(tp, nonsense_is_no_time);
	return atf_no_error();
}
