#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/logins.h"

ATF_TC_WITHOUT_HEAD(all_sessions_of_one_are_ended);
ATF_TC_BODY(all_sessions_of_one_are_ended, tc)
{
	int first, second, other, later;

	ATF_CHECK_ERRNO(ENOENT, logins_open("joe@x.test", 0) == -1);
	first = logins_open("joe@x.test", 1);
	second = logins_open("joe@x.test", 0);
	other = logins_open("../\n/jim@x.test", 1);
	ATF_REQUIRE(first != -1 && second != -1 && other != -1);
	ATF_CHECK(!logins_ended(first) && !logins_ended(second) && !logins_ended(other));
	ATF_CHECK_EQ(0, logins_end("joe@x.test"));
	ATF_CHECK(logins_ended(first) && logins_ended(second) && !logins_ended(other));
	later = logins_open("joe@x.test", 1);
	ATF_REQUIRE(later != -1);
	ATF_CHECK(logins_ended(first) && !logins_ended(later));
	ATF_CHECK(!logins_ended(-1));
}

ATF_TC_WITHOUT_HEAD(nobody_there_is_no_error);
ATF_TC_BODY(nobody_there_is_no_error, tc)
{
	ATF_CHECK_EQ(0, logins_end("joe@x.test"));
}

ATF_TC_WITHOUT_HEAD(the_environment_names_the_mark);
ATF_TC_BODY(the_environment_names_the_mark, tc)
{
	char digits[16];
	int fd = logins_open("joe@x.test", 1);

	unsetenv(LOGINS_FD);
	ATF_CHECK(!logins_ended_here());
	snprintf(digits, sizeof digits, "%d", fd);
	setenv(LOGINS_FD, digits, 1);
	ATF_CHECK(!logins_ended_here());
	ATF_CHECK_EQ(0, logins_end("joe@x.test"));
	ATF_CHECK(logins_ended_here());
	setenv(LOGINS_FD, "x", 1);
	ATF_CHECK(!logins_ended_here());
	setenv(LOGINS_FD, "999", 1);
	ATF_CHECK(!logins_ended_here());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_sessions_of_one_are_ended);
	ATF_TP_ADD_TC(tp, nobody_there_is_no_error);
	ATF_TP_ADD_TC(tp, the_environment_names_the_mark);
	return atf_no_error();
}
