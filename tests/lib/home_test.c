#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/home.h"
#include "lib/home_path.h"
#include "lib/verdict.h"

ATF_TC_WITHOUT_HEAD(the_environment_names_the_home);
ATF_TC_BODY(the_environment_names_the_home, tc)
{
	setenv("FACTEUR_HOME", "here", 1);
	ATF_CHECK_STREQ("here", home_path());
	ATF_REQUIRE_EQ(0, mkdir("here", 0700));
	ATF_REQUIRE_EQ(0, mkdir("here/control", 0700));
	home_enter();
	ATF_CHECK_EQ(0, access("control", F_OK));
}

ATF_TC_WITHOUT_HEAD(without_it_the_home_is_that_of_conf_home);
ATF_TC_BODY(without_it_the_home_is_that_of_conf_home, tc)
{
	unsetenv("FACTEUR_HOME");
	ATF_CHECK_STREQ(CONF_HOME, home_path());
	setenv("FACTEUR_HOME", "", 1);
	ATF_CHECK_STREQ(CONF_HOME, home_path());
}

ATF_TC_WITHOUT_HEAD(a_missing_home_defers);
ATF_TC_BODY(a_missing_home_defers, tc)
{
	int status;
	pid_t pid;

	setenv("FACTEUR_HOME", "missing", 1);
	pid = fork();
	if (pid == 0) {
		home_enter();
		_exit(0);
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == DEFER);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_environment_names_the_home);
	ATF_TP_ADD_TC(tp, without_it_the_home_is_that_of_conf_home);
	ATF_TP_ADD_TC(tp, a_missing_home_defers);
	return atf_no_error();
}
