#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/farewell.h"
#include "lib/verdict.h"

/* What a client hears, and what becomes of the process that says it. */
static void
hear(void (*say)(void), const char *expected, int verdict)
{
	char heard[256];
	int ends[2], status;
	ssize_t r;
	pid_t pid;

	ATF_REQUIRE_EQ(0, pipe(ends));
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		say();
	}
	close(ends[1]);
	r = read(ends[0], heard, sizeof heard);
	ATF_REQUIRE_EQ((ssize_t)strlen(expected), r);
	ATF_CHECK_EQ(0, memcmp(heard, expected, strlen(expected)));
	close(ends[0]);
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK(WIFEXITED(status));
	ATF_CHECK_EQ(verdict, WEXITSTATUS(status));
}

static void
refuse(void)
{
	farewell_end("554 no\r\n", REJECT);
}

static void
say_nothing(void)
{
	farewell_end(NULL, ACCEPT);
}

static void
fail(void)
{
	errno = ENOSPC;
	farewell_fail(FAREWELL_TROUBLE, "write", "a file");
}

ATF_TC_WITHOUT_HEAD(the_client_is_told_and_the_process_ends);
ATF_TC_BODY(the_client_is_told_and_the_process_ends, tc)
{
	hear(refuse, "554 no\r\n", REJECT);
	hear(say_nothing, "", ACCEPT);
	hear(fail, FAREWELL_TROUBLE, DEFER);
}

/* It would die of SIGPIPE. */
ATF_TC_WITHOUT_HEAD(a_client_that_has_gone_changes_no_verdict);
ATF_TC_BODY(a_client_that_has_gone_changes_no_verdict, tc)
{
	int ends[2], status;
	pid_t pid;

	ATF_REQUIRE_EQ(0, pipe(ends));
	close(ends[0]);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		refuse();
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK(WIFEXITED(status));
	ATF_CHECK_EQ(REJECT, WEXITSTATUS(status));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_client_is_told_and_the_process_ends);
	ATF_TP_ADD_TC(tp, a_client_that_has_gone_changes_no_verdict);
	return atf_no_error();
}
