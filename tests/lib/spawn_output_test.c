#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/spawn_output.h"

#define SOON 200    /* milliseconds */
#define LATE 60000  /* for what must not take its time */
#define ENOUGH 1000 /* bytes */

static stralloc output;

static int
run(const char *script, size_t max, int milliseconds)
{
	return spawn_output((const char *const[]){"sh", "-c", script, NULL}, &output, max,
	    1, deadline_now() + milliseconds);
}

ATF_TC_WITHOUT_HEAD(what_it_writes_and_how_it_ends_is_known);
ATF_TC_BODY(what_it_writes_and_how_it_ends_is_known, tc)
{
	int status = run("echo a; echo lost >&2; cat; exit 3", ENOUGH, LATE);

	ATF_REQUIRE(status != -1);
	ATF_CHECK_EQ(3, WEXITSTATUS(status));
	ATF_CHECK_EQ(2, output.len);
	ATF_CHECK_STREQ("a\n", output.s);
	ATF_CHECK_EQ(0, run("true", ENOUGH, LATE));
	ATF_CHECK_STREQ("", output.s);
}

ATF_TC_WITHOUT_HEAD(what_can_not_be_run_is_an_error);
ATF_TC_BODY(what_can_not_be_run_is_an_error, tc)
{
	const char *const argv[] = {"no-such-program", NULL};

	ATF_CHECK_EQ(-1, spawn_output(argv, &output, ENOUGH, 1, deadline_now() + LATE));
	ATF_CHECK_EQ(ENOENT, errno);
}

ATF_TC_WITHOUT_HEAD(there_is_a_limit);
ATF_TC_BODY(there_is_a_limit, tc)
{
	ATF_CHECK_EQ(0, run("printf 12345678", 8, LATE));
	ATF_CHECK_EQ(8, output.len);
	errno = 0;
	ATF_CHECK_EQ(-1, run("printf 123456789", 8, LATE));
	ATF_CHECK_EQ(EFBIG, errno);
	ATF_CHECK_EQ(-1, run("yes", 100000, LATE));
	ATF_CHECK_EQ(EFBIG, errno);
}

ATF_TC_WITHOUT_HEAD(who_does_not_end_is_killed);
ATF_TC_BODY(who_does_not_end_is_killed, tc)
{
	int64_t began = deadline_now();

	ATF_CHECK_EQ(-1, run("exec sleep 1000", ENOUGH, SOON));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	/* also when no more can be read */
	ATF_CHECK_EQ(-1, run("echo a; exec sleep 1000 >&-", ENOUGH, SOON));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	ATF_CHECK(deadline_now() - began < LATE);
	/* none is left behind */
	ATF_CHECK_EQ(-1, waitpid(-1, NULL, WNOHANG));
	ATF_CHECK_EQ(ECHILD, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_it_writes_and_how_it_ends_is_known);
	ATF_TP_ADD_TC(tp, what_can_not_be_run_is_an_error);
	ATF_TP_ADD_TC(tp, there_is_a_limit);
	ATF_TP_ADD_TC(tp, who_does_not_end_is_killed);
	return atf_no_error();
}
