#include <string.h>

#include <atf-c.h>

#include "dkim/canon.h"
#include "lib/text.h"

static const char *
field(enum canon how, const char *s)
{
	static stralloc out;

	out.len = 0;
	canon_put_field(&out, how, s, strlen(s));
	text_terminate(&out);
	return out.s;
}

static void
put(void *to, const char *s, size_t len)
{
	text_catb(to, s, len);
}

/* The canonical form of s, which comes in pieces of step bytes. */
static const char *
body_in_steps(enum canon how, const char *s, size_t step)
{
	static stralloc out;
	static struct canon_body body;
	size_t len = strlen(s), n;

	out.len = 0;
	canon_body_begin(&body, how, put, &out);
	for (; len > 0; s += n, len -= n) {
		n = len < step ? len : step;
		canon_body_feed(&body, s, n);
	}
	canon_body_end(&body);
	text_terminate(&out);
	return out.s;
}

/* RFC 6376, 3.4.5 */
ATF_TC_WITHOUT_HEAD(the_examples_of_the_rfc);
ATF_TC_BODY(the_examples_of_the_rfc, tc)
{
	const char *body = " C \r\nD \t E\r\n\r\n\r\n";

	ATF_CHECK_STREQ("a:X\r\n", field(CANON_RELAXED, "A: X\r\n"));
	ATF_CHECK_STREQ("b:Y Z\r\n", field(CANON_RELAXED, "B : Y\t\r\n\tZ  \r\n"));
	ATF_CHECK_STREQ(" C\r\nD E\r\n", body_in_steps(CANON_RELAXED, body, 99));
	ATF_CHECK_STREQ(
	    "B : Y\t\r\n\tZ  \r\n", field(CANON_SIMPLE, "B : Y\t\r\n\tZ  \r\n"));
	ATF_CHECK_STREQ(" C \r\nD \t E\r\n", body_in_steps(CANON_SIMPLE, body, 99));
}

ATF_TC_WITHOUT_HEAD(fields);
ATF_TC_BODY(fields, tc)
{
	static const char *const cases[][3] = {
	    {"A:b\n", "a:b\r\n", "A:b\r\n"},
	    {"A:b", "a:b\r\n", "A:b\r\n"},
	    {"A:\n", "a:\r\n", "A:\r\n"},
	    {"A: \n \n b\n", "a:b\r\n", "A: \r\n \r\n b\r\n"},
	    {"A: b\n c\r\n\td\n", "a:b c d\r\n", "A: b\r\n c\r\n\td\r\n"},
	    {"Subject:  J\xc3\xb6rg : x \t\n", "subject:J\xc3\xb6rg : x\r\n",
		"Subject:  J\xc3\xb6rg : x \t\r\n"},
	    {"A: b\rc\n", "a:b\rc\r\n", "A: b\rc\r\n"},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ATF_CHECK_STREQ(cases[i][1], field(CANON_RELAXED, cases[i][0]));
		ATF_CHECK_STREQ(cases[i][2], field(CANON_SIMPLE, cases[i][0]));
	}
}

ATF_TC_WITHOUT_HEAD(bodies_in_whatever_pieces_they_come);
ATF_TC_BODY(bodies_in_whatever_pieces_they_come, tc)
{
	static const char *const cases[][3] = {
	    {"", "", "\r\n"},
	    {"\n", "", "\r\n"},
	    {"\r\n\r\n\n", "", "\r\n"},
	    {" \t \n", "", " \t \r\n"},
	    {" \n\n \n", "", " \r\n\r\n \r\n"},
	    {"a", "a\r\n", "a\r\n"},
	    {"a ", "a\r\n", "a \r\n"},
	    {"a\n", "a\r\n", "a\r\n"},
	    {"a\r\n\r\n", "a\r\n", "a\r\n"},
	    {"a\n\n\nb\n\n", "a\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n"},
	    {"\n\na  b\t\n", "\r\n\r\na b\r\n", "\r\n\r\na  b\t\r\n"},
	    {"a \n  \n\tb", "a\r\n\r\n b\r\n", "a \r\n  \r\n\tb\r\n"},
	    {"a\rb\r", "a\rb\r\r\n", "a\rb\r\r\n"},
	    {"a\r\r\n", "a\r\r\n", "a\r\r\n"},
	    {"\xff\x01 \x80\n", "\xff\x01 \x80\r\n", "\xff\x01 \x80\r\n"},
	};
	size_t i, step;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		for (step = 1; step < 5; step++) {
			ATF_CHECK_STREQ(
			    cases[i][1], body_in_steps(CANON_RELAXED, cases[i][0], step));
			ATF_CHECK_STREQ(
			    cases[i][2], body_in_steps(CANON_SIMPLE, cases[i][0], step));
		}
}

/* What counts only when something follows it takes no memory. */
ATF_TC_WITHOUT_HEAD(long_lines_and_many_empty_ones);
ATF_TC_BODY(long_lines_and_many_empty_ones, tc)
{
	stralloc s = {0};
	const char *out;
	size_t i;

	for (i = 0; i < 20000; i++)
		text_catb(&s, "\n", 1);
	for (i = 0; i < 20000; i++)
		text_catb(&s, "x", 1);
	text_terminate(&s);
	out = body_in_steps(CANON_RELAXED, s.s, 70000);
	ATF_CHECK_EQ(60002, strlen(out));
	ATF_CHECK(strncmp(out + 39998, "\r\nxx", 4) == 0);
	ATF_CHECK_STREQ("x\r\n", out + 59999);
	stralloc_free(&s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_examples_of_the_rfc);
	ATF_TP_ADD_TC(tp, fields);
	ATF_TP_ADD_TC(tp, bodies_in_whatever_pieces_they_come);
	ATF_TP_ADD_TC(tp, long_lines_and_many_empty_ones);
	return atf_no_error();
}
