#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/filter.h"
#include "lib/verdict.h"

/* Give descriptor fd the end of a pipe; returns the other end, above all that are used.
 */
static int
pipe_at(int fd, int end)
{
	int ends[2], other;

	ATF_REQUIRE_EQ(0, pipe(ends));
	other = fcntl(ends[1 - end], F_DUPFD, 20);
	ATF_REQUIRE(other != -1);
	close(ends[1 - end]);
	if (ends[end] != fd) {
		ATF_REQUIRE_EQ(fd, dup2(ends[end], fd));
		close(ends[end]);
	}
	return other;
}

ATF_TC_WITHOUT_HEAD(reports_go_where_the_caller_reads);
ATF_TC_BODY(reports_go_where_the_caller_reads, tc)
{
	char said[100];
	int in;

	close(4);
	close(6);
	ATF_CHECK_EQ(-1, filter_report_fd());
	ATF_CHECK_EQ(FILTER_REFUSED, filter_report(-1, REJECT, "no"));
	in = pipe_at(6, 1);
	ATF_CHECK_EQ(6, filter_report_fd());
	ATF_CHECK_EQ(FILTER_REFUSED, filter_report(6, REJECT, "550 5.7.1 no"));
	ATF_CHECK_EQ(FILTER_PUT_OFF, filter_report(6, DEFER, "later"));
	ATF_CHECK_EQ(0, filter_report(6, ACCEPT, "id"));
	ATF_REQUIRE_EQ(22, read(in, said, sizeof said));
	ATF_CHECK_EQ(0, memcmp(said, "D550 5.7.1 noZlaterKid", 22));
	ATF_REQUIRE_EQ(4, dup2(in, 4)); /* one that can only be read is none */
	ATF_CHECK_EQ(6, filter_report_fd());
}

ATF_TC_WITHOUT_HEAD(the_envelope_is_read_to_its_end);
ATF_TC_BODY(the_envelope_is_read_to_its_end, tc)
{
	stralloc envelope = {0};
	int out = pipe_at(1, 0);

	ATF_REQUIRE_EQ(3, write(out, "Fa", 3));
	close(out);
	ATF_CHECK_EQ(0, filter_envelope(&envelope));
	ATF_CHECK_EQ(3, envelope.len);
	close(1);
	ATF_CHECK_EQ(-1, filter_envelope(&envelope));
	ATF_CHECK_EQ(EBADF, errno);
	stralloc_free(&envelope);
}

ATF_TC_WITHOUT_HEAD(it_is_known_when_the_caller_began_to_wait);
ATF_TC_BODY(it_is_known_when_the_caller_began_to_wait, tc)
{
	int64_t since = 1, now;
	int ends[2];
	char s[10];

	ATF_REQUIRE_EQ(0, pipe(ends));
	ATF_REQUIRE_EQ(2, write(ends[1], "ab", 2));
	ATF_CHECK_EQ(1, filter_read_timed(ends[0], s, 1, &since));
	ATF_CHECK_EQ(1, filter_read_timed(ends[0], s, 1, &since));
	ATF_CHECK_EQ(1, since); /* all this might have been there since then */
	if (fork() == 0) {
		usleep(300000);
		_exit(write(ends[1], "c", 1) != 1);
	}
	now = deadline_now();
	ATF_CHECK_EQ(1, filter_read_timed(ends[0], s, 1, &since));
	ATF_CHECK(since >= now);
	/* the end that the child has open is an end, too */
	ATF_REQUIRE(wait(NULL) > 0);
	close(ends[1]);
	now = since;
	ATF_CHECK_EQ(0, filter_read_timed(ends[0], s, 1, &since));
	ATF_CHECK_EQ(now, since);
}

ATF_TC_WITHOUT_HEAD(a_caller_that_has_left_is_noticed);
ATF_TC_BODY(a_caller_that_has_left_is_noticed, tc)
{
	int ends[2];

	ATF_REQUIRE_EQ(0, pipe(ends));
	ATF_CHECK_EQ(1, filter_is_awaited(-1));
	ATF_CHECK_EQ(1, filter_is_awaited(ends[1]));
	close(ends[0]);
	ATF_CHECK_EQ(0, filter_is_awaited(ends[1]));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_is_known_when_the_caller_began_to_wait);
	ATF_TP_ADD_TC(tp, a_caller_that_has_left_is_noticed);
	ATF_TP_ADD_TC(tp, reports_go_where_the_caller_reads);
	ATF_TP_ADD_TC(tp, the_envelope_is_read_to_its_end);
	return atf_no_error();
}
