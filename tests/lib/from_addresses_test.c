#include <string.h>

#include <atf-c.h>

#include "lib/from_addresses.h"
#include "lib/text.h"

/* All addresses of s with a blank after each, and "!" when it is malformed. */
static const char *
addresses(const char *s)
{
	static stralloc all;
	stralloc one = {0};
	size_t at = 0;
	int r;

	all.len = 0;
	while ((r = from_addresses_next(s, strlen(s), &at, &one)) == 1) {
		text_catb(&all, one.s, one.len);
		text_cat(&all, " ", (char *)NULL);
	}
	text_cat(&all, r == -1 ? "!" : "", (char *)NULL);
	text_terminate(&all);
	stralloc_free(&one);
	return all.s;
}

ATF_TC_WITHOUT_HEAD(names_comments_and_groups_go);
ATF_TC_BODY(names_comments_and_groups_go, tc)
{
	static const char *const cases[][2] = {{" a@b\n", "a@b "}, {"", ""}, {" \n", ""},
	    {"A <a@b>", "a@b "}, {"\"x, y <z@z>\" <a@b>, c@d", "a@b c@d "},
	    {"a@b (c@d, (e@f) \\) g@h)", "a@b "}, {"(x) a@b,\n\t<c@d>\n", "a@b c@d "},
	    {"g: a@b, C <c@d>;", "a@b c@d "}, {"nobody:;", ""},
	    {"a@b,, c@d,", "a@b c@d "}, {"<@r,@s:a@b>", "a@b "},
	    {"\"a b\"@c", "\"a b\"@c "}, {"a . b @ c", "a.b@c "},
	    {"a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1] "},
	    {"=?utf-8?q?J=C3=B6rg?= <a@b>", "a@b "}, {"J\xc3\xb6rg <a@b>", "a@b "},
	    {"Scanner, 2nd floor <a@b>", "a@b "},
	    {"x@y, Scanner, \"2nd\", floor <a@b>, c@d", "x@y a@b c@d "}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], addresses(cases[i][0]));
}

ATF_TC_WITHOUT_HEAD(what_could_be_read_in_two_ways_is_refused);
ATF_TC_BODY(what_could_be_read_in_two_ways_is_refused, tc)
{
	static const char *const cases[][2] = {{"a", "!"}, {"a b", "!"}, {"<a@b", "!"},
	    {"a@b>", "!"}, {"<a@b> c@d", "!"}, {"<a@b> <c@d>", "!"}, {"<<a@b>>", "!"},
	    {"a@b (", "!"}, {"\"a@b", "!"}, {"<>", "!"}, {"<a@b>x", "!"},
	    {"a@b, c", "a@b !"}, {"x <a:b@c>", "!"}, {"a@b@c", "!"}, {"<a@b> \"c\"", "!"},
	    {"a@b c@d", "!"}, {"x, a@b", "!"}, {"x, ", "!"}, {"x,", "!"},
	    {"\"c@d\", x <a@b>", "!"}, {"x, y; <a@b>", "!"}, {"x, <>", "!"},
	    {"x, (c@d", "!"}, {"a@b:;", "!"}, {"a@b: <c@d>;", "!"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], addresses(cases[i][0]));
}

/* As addresses, of what a program has written; what stands in brackets is missing there.
 */
static const char *
bare(const char *s)
{
	static stralloc all;
	stralloc one = {0};
	size_t at = 0, domain_at;
	int r;

	all.len = 0;
	while ((r = from_addresses_next_bare(s, strlen(s), &at, &one, &domain_at)) == 1) {
		text_catb(&all, one.s, one.len);
		text_cat(&all, domain_at > 0 ? "[" : "", (char *)NULL);
		text_catb(&all, s, domain_at);
		text_cat(&all, domain_at > 0 ? "] " : " ", (char *)NULL);
	}
	text_cat(&all, r == -1 ? "!" : "", (char *)NULL);
	text_terminate(&all);
	stralloc_free(&one);
	return all.s;
}

ATF_TC_WITHOUT_HEAD(programs_write_names_without_a_domain);
ATF_TC_BODY(programs_write_names_without_a_domain, tc)
{
	static const char *const cases[][2] = {{"root", "root[root] "},
	    {" root (Cron Daemon)\n", "root[ root] "}, {"Ann <ann>", "ann[Ann <ann] "},
	    {"a, b@c ,d", "a[a] b@c d[a, b@c ,d] "}, {"g: a;", "a[g: a] "},
	    {"\"a b\"", "\"a b\"[\"a b\"] "}, {"nobody:;", ""}, {"", ""}, {" , ", ""},
	    {"a b", "!"}, {"a@", "!"}, {"<>", "!"}, {"a (", "!"}, {"a. b", "!"},
	    {"Ann Bee, c@d", "!"}, {"@x", "!"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], bare(cases[i][0]));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, names_comments_and_groups_go);
	ATF_TP_ADD_TC(tp, what_could_be_read_in_two_ways_is_refused);
	ATF_TP_ADD_TC(tp, programs_write_names_without_a_domain);
	return atf_no_error();
}
