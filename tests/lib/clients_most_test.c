#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/clients_most.h"
#include "lib/verdict.h"

ATF_TC_WITHOUT_HEAD(a_number_of_clients_is_at_least_one);
ATF_TC_BODY(a_number_of_clients_is_at_least_one, tc)
{
	ATF_CHECK_EQ(1, clients_most_scan("1"));
	ATF_CHECK_EQ(65536, clients_most_scan("65536"));
	ATF_CHECK_EQ(0, clients_most_scan("65537"));
	ATF_CHECK_EQ(0, clients_most_scan("0"));
	ATF_CHECK_EQ(0, clients_most_scan(""));
	ATF_CHECK_EQ(0, clients_most_scan("-1"));
	ATF_CHECK_EQ(0, clients_most_scan("1x"));
}

/* clients_most_take in a child: what it takes, or -1 when it dies as it has to. */
static int
take(char **argv)
{
	int argc = 0, status;
	pid_t pid;

	while (argv[argc] != NULL)
		argc++;
	pid = fork();
	ATF_REQUIRE(pid != -1);
	if (pid == 0) {
		close(2);
		_exit((int)clients_most_take(argc, argv, 7, "usage"));
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_REQUIRE(WIFEXITED(status));
	return WEXITSTATUS(status) == DEFER ? -1 : WEXITSTATUS(status);
}

ATF_TC_WITHOUT_HEAD(nothing_else_is_taken);
ATF_TC_BODY(nothing_else_is_taken, tc)
{
	ATF_CHECK_EQ(7, take((char *[]){"p", NULL}));
	ATF_CHECK_EQ(9, take((char *[]){"p", "-l", "9", NULL}));
	ATF_CHECK_EQ(9, take((char *[]){"p", "-l9", NULL}));
	ATF_CHECK_EQ(-1, take((char *[]){"p", "-l", "0", NULL}));
	ATF_CHECK_EQ(-1, take((char *[]){"p", "-l", NULL}));
	ATF_CHECK_EQ(-1, take((char *[]){"p", "-x", NULL}));
	ATF_CHECK_EQ(-1, take((char *[]){"p", "9", NULL}));
	ATF_CHECK_EQ(-1, take((char *[]){"p", "-l", "9", "x", NULL}));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_number_of_clients_is_at_least_one);
	ATF_TP_ADD_TC(tp, nothing_else_is_taken);
	return atf_no_error();
}
