#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>
#include <buffer.h>

#include "lib/line.h"

static const char *rest;
static size_t step;

/* Gives what is left of rest in pieces of step bytes. */
static ssize_t
give(int fd, char *buf, size_t len)
{
	size_t n = strlen(rest);

	(void)fd;
	if (n > step)
		n = step;
	if (n > len)
		n = len;
	memcpy(buf, rest, n);
	rest += n;
	return (ssize_t)n;
}

ATF_TC_WITHOUT_HEAD(lines_come_out_whole_however_they_arrive);
ATF_TC_BODY(lines_come_out_whole_however_they_arrive, tc)
{
	stralloc sa = {0};
	char space[16];
	buffer b;

	for (step = 1; step < 20; step++) {
		rest = "one\r\n\ntwo longer than the buffer\ncut";
		buffer_init(&b, give, -1, space, sizeof(space));
		ATF_CHECK_EQ(LINE_OK, line_read(&b, &sa, 100));
		ATF_CHECK(sa.len == 4 && memcmp(sa.s, "one\r", 4) == 0);
		ATF_CHECK_EQ(LINE_OK, line_read(&b, &sa, 100));
		ATF_CHECK_EQ(0, sa.len);
		ATF_CHECK_EQ(LINE_OK, line_read(&b, &sa, 100));
		ATF_CHECK_EQ(26, sa.len);
		ATF_CHECK_EQ(LINE_ERROR, line_read(&b, &sa, 100));
		ATF_CHECK_EQ(EPROTO, errno);
		ATF_CHECK_EQ(LINE_EOF, line_read(&b, &sa, 100));
	}
}

ATF_TC_WITHOUT_HEAD(a_line_at_the_limit_passes_and_one_over_it_is_skipped);
ATF_TC_BODY(a_line_at_the_limit_passes_and_one_over_it_is_skipped, tc)
{
	stralloc sa = {0};
	char space[8];
	buffer b;

	step = 3;
	rest = "123456789\n1234567890\n12345678901234567890123\nnext\n";
	buffer_init(&b, give, -1, space, sizeof(space));
	ATF_CHECK_EQ(LINE_OK, line_read(&b, &sa, 10));
	ATF_CHECK_EQ(9, sa.len);
	ATF_CHECK_EQ(LINE_LONG, line_read(&b, &sa, 10));
	ATF_CHECK_EQ(LINE_LONG, line_read(&b, &sa, 10));
	ATF_CHECK(sa.len <= 10);
	ATF_CHECK_EQ(LINE_OK, line_read(&b, &sa, 10));
	ATF_CHECK(sa.len == 4 && memcmp(sa.s, "next", 4) == 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lines_come_out_whole_however_they_arrive);
	ATF_TP_ADD_TC(tp, a_line_at_the_limit_passes_and_one_over_it_is_skipped);
	return atf_no_error();
}
