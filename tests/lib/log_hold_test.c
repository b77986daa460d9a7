#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>
#include <errmsg.h>

#include "lib/log.h"
#include "lib/log_hold.h"

static int ends[2];

/* From now on descriptor 2 is a pipe that is read at ends[0]. */
static void
log_to_pipe(void)
{
	errmsg_iam("x");
	ATF_REQUIRE_EQ(0, pipe(ends));
	ATF_REQUIRE_EQ(2, dup2(ends[1], 2));
	close(ends[1]);
}

static int
bytes_there(void)
{
	int n;

	ATF_REQUIRE_EQ(0, ioctl(ends[0], FIONREAD, &n));
	return n;
}

static void
check_log(const char *expected)
{
	char buf[4096];
	ssize_t r = bytes_there() > 0 ? read(ends[0], buf, sizeof(buf) - 1) : 0;

	ATF_REQUIRE(r >= 0);
	buf[r] = '\0';
	ATF_CHECK_STREQ(expected, buf);
}

ATF_TC_WITHOUT_HEAD(lines_are_written_at_once_unless_held);
ATF_TC_BODY(lines_are_written_at_once_unless_held, tc)
{
	log_to_pipe();
	log_event("a", "one", (char *)NULL);
	check_log("id=a at=x event=one\n");
	log_hold();
	log_event("b", "two", (char *)NULL);
	log_event("c", "three", (char *)NULL);
	check_log("");
	log_hold_release();
	check_log("id=b at=x event=two\nid=c at=x event=three\n");
	log_hold_release();
	check_log("");
}

ATF_TC_WITHOUT_HEAD(no_line_is_cut_between_two_writes);
ATF_TC_BODY(no_line_is_cut_between_two_writes, tc)
{
	char text[301];
	int first;

	memset(text, 'a', 300);
	text[300] = '\0';
	log_to_pipe();
	log_hold();
	while (bytes_there() == 0)
		log_event("b", "e", "text", text, (char *)NULL);
	first = bytes_there();
	ATF_CHECK(first <= PIPE_BUF);
	log_hold_release();
	/* the line that did not fit any more stands alone in the second write */
	ATF_CHECK_EQ(0, first % (bytes_there() - first));
}

ATF_TC_WITHOUT_HEAD(the_end_of_the_program_releases);
ATF_TC_BODY(the_end_of_the_program_releases, tc)
{
	pid_t child;

	log_to_pipe();
	child = fork();
	if (child == 0) {
		log_hold();
		log_hold();
		log_event("a", "last", (char *)NULL);
		exit(0);
	}
	ATF_REQUIRE_EQ(child, waitpid(child, NULL, 0));
	check_log("id=a at=x event=last\n");
}

ATF_TC_WITHOUT_HEAD(errno_is_kept);
ATF_TC_BODY(errno_is_kept, tc)
{
	close(2);
	errno = ENOENT;
	log_hold_put("x\n", 2);
	ATF_CHECK_EQ(ENOENT, errno);
	log_hold();
	log_hold_put("x\n", 2);
	log_hold_release();
	ATF_CHECK_EQ(ENOENT, errno);
}

static char seen[200];

static void
see(const char *line, size_t len)
{
	strncat(seen, line, len);
}

ATF_TC_WITHOUT_HEAD(another_one_sees_lines_before_they_are_released);
ATF_TC_BODY(another_one_sees_lines_before_they_are_released, tc)
{
	log_to_pipe();
	log_hold();
	log_event("a", "one", (char *)NULL);
	log_hold_also(see);
	log_event("b", "two", (char *)NULL);
	ATF_CHECK_STREQ("id=b at=x event=two\n", seen);
	log_hold_release();
	check_log("id=a at=x event=one\nid=b at=x event=two\n");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_are_written_at_once_unless_held);
	ATF_TP_ADD_TC(tp, no_line_is_cut_between_two_writes);
	ATF_TP_ADD_TC(tp, the_end_of_the_program_releases);
	ATF_TP_ADD_TC(tp, errno_is_kept);
	ATF_TP_ADD_TC(tp, another_one_sees_lines_before_they_are_released);
	return atf_no_error();
}
