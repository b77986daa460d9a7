#include <string.h>

#include <atf-c.h>

#include "submit/submit_input.h"

/* What comes of s in pieces of that many bytes. */
static const char *
filtered(const char *s, size_t piece, int ignores_dots)
{
	static char out[256];
	struct submit_input input = {.ignores_dots = ignores_dots};
	size_t n = 0, at, len = strlen(s), take;

	for (at = 0; at < len; at += take) {
		take = len - at < piece ? len - at : piece;
		n += submit_input_filter(&input, out + n, s + at, take);
	}
	n += submit_input_end(&input, out + n);
	ATF_CHECK(input.ended);
	out[n] = '\0';
	return out;
}

ATF_TC_WITHOUT_HEAD(line_ends_and_the_last_dot);
ATF_TC_BODY(line_ends_and_the_last_dot, tc)
{
	static const struct {
		const char *in, *out, *with_dots;
	} cases[] = {{"a\r\nb\r\n", "a\nb\n", "a\nb\n"}, {"a\n.\nb", "a\n", "a\n.\nb"},
	    {"a\r\n.\r\nb", "a\n", "a\n.\nb"}, {".\na", "", ".\na"},
	    {"a\n.", "a\n", "a\n."}, {"a\n..\nb\n", "a\n..\nb\n", "a\n..\nb\n"},
	    {"a.\n.b\n", "a.\n.b\n", "a.\n.b\n"}, {"a\rb\r", "a\rb\r", "a\rb\r"},
	    {"\r\r\n", "\r\n", "\r\n"}, {".\rx\n", ".\rx\n", ".\rx\n"}, {"", "", ""}};
	size_t i, piece;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		for (piece = 1; piece < 8; piece++) {
			ATF_CHECK_STREQ(cases[i].out, filtered(cases[i].in, piece, 0));
			ATF_CHECK_STREQ(
			    cases[i].with_dots, filtered(cases[i].in, piece, 1));
		}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, line_ends_and_the_last_dot);
	return atf_no_error();
}
