#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "lib/peek_line.h"

#define LIMIT 600

static int ends[2];
static char line[LIMIT];
static size_t len;

static int
next(void)
{
	return peek_line(ends[0], line, LIMIT, &len, deadline_now() + 10000);
}

static void
put(const char *s)
{
	ATF_REQUIRE_EQ((ssize_t)strlen(s), write(ends[1], s, strlen(s)));
}

static void
nothing_beyond_is_read(void)
{
	char rest[10] = "";

	put("first\r\nsecond\nSTAT\r\n");
	ATF_CHECK_EQ(LINE_OK, next());
	ATF_CHECK_EQ(6, len);
	ATF_CHECK_EQ(0, memcmp(line, "first\r", 6));
	ATF_CHECK_EQ(LINE_OK, next());
	ATF_CHECK_EQ(6, len);
	ATF_CHECK_EQ(6, read(ends[0], rest, sizeof(rest)));
	ATF_CHECK_STREQ("STAT\r\n", rest);
}

ATF_TC_WITHOUT_HEAD(what_follows_the_line_stays_in_the_socket);
ATF_TC_BODY(what_follows_the_line_stays_in_the_socket, tc)
{
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	nothing_beyond_is_read();
}

ATF_TC_WITHOUT_HEAD(what_follows_the_line_stays_in_a_pipe);
ATF_TC_BODY(what_follows_the_line_stays_in_a_pipe, tc)
{
	ATF_REQUIRE_EQ(0, pipe(ends));
	nothing_beyond_is_read();
}

ATF_TC_WITHOUT_HEAD(a_long_line_is_read_to_its_end);
ATF_TC_BODY(a_long_line_is_read_to_its_end, tc)
{
	char text[2 * LIMIT + 1];
	size_t n;

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	memset(text, 'x', sizeof(text));
	for (n = LIMIT - 1; n < 2 * LIMIT; n++) {
		text[n] = '\n';
		text[n + 1] = '\0';
		put(text);
		put("next\n");
		text[n] = 'x';
		text[n + 1] = 'x';
		ATF_CHECK_EQ_MSG(
		    n <= LIMIT ? LINE_OK : LINE_LONG, next(), "%zu bytes", n);
		ATF_CHECK_EQ(n < LIMIT ? n : LIMIT, len);
		ATF_CHECK_EQ(LINE_OK, next());
		ATF_CHECK_EQ(4, len);
	}
}

ATF_TC_WITHOUT_HEAD(the_end_is_told_from_a_cut_line);
ATF_TC_BODY(the_end_is_told_from_a_cut_line, tc)
{
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	put("one\nQUI");
	close(ends[1]);
	ATF_CHECK_EQ(LINE_OK, next());
	ATF_CHECK_EQ(LINE_ERROR, next());
	ATF_CHECK_EQ(EPROTO, errno);
	ATF_CHECK_EQ(LINE_EOF, next());
}

ATF_TC_WITHOUT_HEAD(a_line_that_does_not_end_times_out);
ATF_TC_BODY(a_line_that_does_not_end_times_out, tc)
{
	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	put("QUI");
	ATF_CHECK_EQ(
	    LINE_ERROR, peek_line(ends[0], line, LIMIT, &len, deadline_now() + 10));
	ATF_CHECK_EQ(ETIMEDOUT, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_follows_the_line_stays_in_the_socket);
	ATF_TP_ADD_TC(tp, what_follows_the_line_stays_in_a_pipe);
	ATF_TP_ADD_TC(tp, a_long_line_is_read_to_its_end);
	ATF_TP_ADD_TC(tp, the_end_is_told_from_a_cut_line);
	ATF_TP_ADD_TC(tp, a_line_that_does_not_end_times_out);
	return atf_no_error();
}
