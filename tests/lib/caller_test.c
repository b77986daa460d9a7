#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/caller.h"

ATF_TC_WITHOUT_HEAD(our_own_uid_may_ask);
ATF_TC_BODY(our_own_uid_may_ask, tc)
{
	int ends[2];

	ATF_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	ATF_CHECK_EQ(1, caller_may(ends[0]));
	ATF_CHECK_EQ(0, caller_may(0)); /* no socket */
}

/* Does a service of uid 2 let uid 1 ask with this list? */
static int
may(const char *list)
{
	int ends[2], status;
	pid_t pid;

	setenv("CLIENT_UIDS", list, 1);
	pid = fork();
	if (pid == 0) {
		/* the peer of a pair is who makes it */
		if (setresuid(1, 1, 0) == -1 ||
		    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1 ||
		    setresuid(0, 0, 0) == -1 || setresuid(2, 2, 0) == -1)
			_exit(9);
		_exit(caller_may(ends[0]));
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

ATF_TC(others_may_that_are_named);
ATF_TC_HEAD(others_may_that_are_named, tc)
{
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(others_may_that_are_named, tc)
{
	ATF_CHECK_EQ(1, may("1"));
	ATF_CHECK_EQ(1, may("5 1 7"));
	ATF_CHECK_EQ(0, may(""));
	ATF_CHECK_EQ(0, may("11 12"));
	ATF_CHECK_EQ(0, may("x 3"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, our_own_uid_may_ask);
	ATF_TP_ADD_TC(tp, others_may_that_are_named);
	return atf_no_error();
}
