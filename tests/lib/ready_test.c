#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/ready.h"
#include "lib/verdict.h"

/* ready_tell in a child whose descriptor 1 is fd; its exit code, ACCEPT when that is
 * closed then. */
static int
tell_on(int fd)
{
	int status;
	pid_t pid = fork();

	ATF_REQUIRE(pid != -1);
	if (pid == 0) {
		dup2(fd, 1);
		ready_tell();
		_exit(fcntl(1, F_GETFD) == -1 ? ACCEPT : REJECT);
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

ATF_TC_WITHOUT_HEAD(says_one_line_and_closes);
ATF_TC_BODY(says_one_line_and_closes, tc)
{
	char said[10];
	int ends[2];

	ATF_REQUIRE_EQ(0, pipe(ends));
	ATF_CHECK_EQ(ACCEPT, tell_on(ends[1]));
	close(ends[1]);
	ATF_CHECK_EQ(1, read(ends[0], said, sizeof said));
	ATF_CHECK_EQ('\n', said[0]);
	close(ends[0]);
}

ATF_TC_WITHOUT_HEAD(who_can_not_say_it_does_not_begin);
ATF_TC_BODY(who_can_not_say_it_does_not_begin, tc)
{
	ATF_CHECK_EQ(DEFER, tell_on(open("/dev/full", O_WRONLY)));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, says_one_line_and_closes);
	ATF_TP_ADD_TC(tp, who_can_not_say_it_does_not_begin);
	return atf_no_error();
}
