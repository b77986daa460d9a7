#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "submit/submit_lines.h"

static stralloc out;

/* What becomes of s, in pieces of n bytes. */
static const char *
lines_of(const char *s, size_t n)
{
	struct submit_lines lines = {0};
	size_t at, len = strlen(s);

	out.len = 0;
	for (at = 0; at < len; at += n)
		submit_lines_put(&lines, &out, s + at, n < len - at ? n : len - at);
	text_terminate(&out);
	return out.s;
}

ATF_TC_WITHOUT_HEAD(the_first_line_tells_how_lines_end);
ATF_TC_BODY(the_first_line_tells_how_lines_end, tc)
{
	size_t n;

	for (n = 1; n < 4; n++) {
		ATF_CHECK_STREQ("a\r\n\r\nb", lines_of("a\n\nb", n));
		ATF_CHECK_STREQ("a\r\nb\r\n", lines_of("a\nb\r\n", n));
		ATF_CHECK_STREQ("a\r\nb\n\n", lines_of("a\r\nb\n\n", n));
		ATF_CHECK_STREQ("\r\n", lines_of("\n", n));
		ATF_CHECK_STREQ("a\r", lines_of("a\r", n));
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_first_line_tells_how_lines_end);
	return atf_no_error();
}
