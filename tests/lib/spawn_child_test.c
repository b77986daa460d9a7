#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/spawn_child.h"

static pid_t
run_script(const char *script, const struct spawn_fd *map, size_t n)
{
	pid_t pid = spawn_child((const char *const[]){"sh", "-c", script, NULL}, map, n);

	ATF_REQUIRE(pid > 0);
	return pid;
}

ATF_TC_WITHOUT_HEAD(the_status_is_that_of_wait);
ATF_TC_BODY(the_status_is_that_of_wait, tc)
{
	int status = spawn_child_wait(run_script("exit 3", NULL, 0));

	ATF_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	status = spawn_child_wait(run_script("kill -9 $$", NULL, 0));
	ATF_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	ATF_CHECK_EQ(-1, spawn_child_wait(1));
	ATF_CHECK_EQ(ECHILD, errno);
}

ATF_TC_WITHOUT_HEAD(descriptors_come_where_the_map_says);
ATF_TC_BODY(descriptors_come_where_the_map_says, tc)
{
	char got[20] = "";
	int ends[2];

	ATF_REQUIRE_EQ(0, spawn_child_pipe(ends));
	ATF_CHECK_EQ(0, spawn_child_wait(run_script("echo a >&4; echo b >&6",
			    (struct spawn_fd[]){{ends[1], 4}, {ends[1], 6}}, 2)));
	ATF_CHECK_EQ(4, read(ends[0], got, sizeof(got)));
	ATF_CHECK_STREQ("a\nb\n", got);
}

ATF_TC_WITHOUT_HEAD(one_that_is_at_its_place_already_stays_open);
ATF_TC_BODY(one_that_is_at_its_place_already_stays_open, tc)
{
	int ends[2];
	char c;

	ATF_REQUIRE_EQ(0, spawn_child_pipe(ends));
	ATF_REQUIRE_EQ(9, dup3(ends[1], 9, O_CLOEXEC));
	ATF_CHECK_EQ(0,
	    spawn_child_wait(run_script("printf a >&9", (struct spawn_fd[]){{9, 9}}, 1)));
	ATF_CHECK_EQ(1, read(ends[0], &c, 1));
}

ATF_TC_WITHOUT_HEAD(the_others_of_ours_are_not_inherited);
ATF_TC_BODY(the_others_of_ours_are_not_inherited, tc)
{
	int ends[2];
	char c;

	ATF_REQUIRE_EQ(0, spawn_child_pipe(ends));
	spawn_child_wait(run_script("sleep 1000 & echo $! >pid", NULL, 0));
	close(ends[1]);
	ATF_CHECK_EQ(0, deadline_read(ends[0], &c, 1, 10)); /* the end: nobody holds it */
	ATF_CHECK_EQ(0, system("kill $(cat pid)"));
}

ATF_TC_WITHOUT_HEAD(signals_are_back_to_their_defaults);
ATF_TC_BODY(signals_are_back_to_their_defaults, tc)
{
	sigset_t set;
	int status;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	status = spawn_child_wait(run_script("kill -PIPE $$", NULL, 0));
	ATF_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
	status = spawn_child_wait(run_script("kill -TERM $$", NULL, 0));
	ATF_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

ATF_TC_WITHOUT_HEAD(the_environment_is_ours);
ATF_TC_BODY(the_environment_is_ours, tc)
{
	setenv("QUEUEID", "an id", 1);
	ATF_CHECK_EQ(
	    0, spawn_child_wait(run_script("[ \"$QUEUEID\" = 'an id' ]", NULL, 0)));
}

ATF_TC_WITHOUT_HEAD(a_program_that_cannot_be_run_is_told);
ATF_TC_BODY(a_program_that_cannot_be_run_is_told, tc)
{
	setenv("PATH", "/bin:/usr/bin", 1); /* folders that everybody may search */
	ATF_CHECK_EQ(
	    -1, spawn_child((const char *const[]){"no-such-program", NULL}, NULL, 0));
	ATF_CHECK_EQ(ENOENT, errno);
	ATF_CHECK_EQ(-1, spawn_child((const char *const[]){"/", NULL}, NULL, 0));
	ATF_CHECK_EQ(EACCES, errno);
	ATF_CHECK_EQ(-1, spawn_child_wait(-1));
	ATF_CHECK_EQ(ECHILD, errno);
}

ATF_TC_WITHOUT_HEAD(the_watch_is_readable_when_the_child_has_ended);
ATF_TC_BODY(the_watch_is_readable_when_the_child_has_ended, tc)
{
	pid_t pid = run_script("exec sleep 1000", NULL, 0);
	int watch;

	watch = spawn_child_watch(pid);
	ATF_REQUIRE(watch != -1);
	ATF_CHECK_EQ(-1, deadline_wait(watch, POLLIN, deadline_now()));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
	kill(pid, SIGKILL);
	ATF_CHECK_EQ(0, deadline_wait(watch, POLLIN, deadline_now() + 10000));
	spawn_child_wait(pid);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_status_is_that_of_wait);
	ATF_TP_ADD_TC(tp, descriptors_come_where_the_map_says);
	ATF_TP_ADD_TC(tp, one_that_is_at_its_place_already_stays_open);
	ATF_TP_ADD_TC(tp, the_others_of_ours_are_not_inherited);
	ATF_TP_ADD_TC(tp, signals_are_back_to_their_defaults);
	ATF_TP_ADD_TC(tp, the_environment_is_ours);
	ATF_TP_ADD_TC(tp, a_program_that_cannot_be_run_is_told);
	ATF_TP_ADD_TC(tp, the_watch_is_readable_when_the_child_has_ended);
	return atf_no_error();
}
