#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "submit/submit_header.h"

/* Where the header of s ends, all of it known; or only its beginning: -1 for "more". */
static int
end_of(const char *s, int is_whole)
{
	size_t end;

	return submit_header_find_end(s, strlen(s), is_whole, &end) ? (int)end : -1;
}

ATF_TC_WITHOUT_HEAD(a_header_ends_where_no_field_is);
ATF_TC_BODY(a_header_ends_where_no_field_is, tc)
{
	ATF_CHECK_EQ(5, end_of("A: b\n\nC: d\n", 0));
	ATF_CHECK_EQ(5, end_of("A: b\nno field\n", 0));
	ATF_CHECK_EQ(8, end_of("A: b\n c\n\n", 0));
	ATF_CHECK_EQ(0, end_of("\ntext\n", 0));
	ATF_CHECK_EQ(0, end_of("text", 1));
	ATF_CHECK_EQ(0, end_of("", 1));
	ATF_CHECK_EQ(0, end_of(" a: b\n", 0));
	ATF_CHECK_EQ(12, end_of("From me now\n\n", 0));
	ATF_CHECK_EQ(5, end_of("A: b\nFrom me now\n\n", 0));
	ATF_CHECK_EQ(4, end_of("A: b", 1));
	/* what may go on */
	ATF_CHECK_EQ(-1, end_of("A: b", 0));
	ATF_CHECK_EQ(-1, end_of("A: b\n", 0));
	ATF_CHECK_EQ(-1, end_of("A: b\nno fie", 0));
	ATF_CHECK_EQ(-1, end_of("", 0));
}

static stralloc out, recipients;

static const char *
complete(const char *s)
{
	const char *field;

	out.len = recipients.len = 0;
	field = submit_header_complete(
	    &out, s, strlen(s), "x.test", "me@x.test", &recipients);
	text_terminate(&out);
	text_terminate(&recipients);
	return field;
}

ATF_TC_WITHOUT_HEAD(only_what_lacks_a_domain_is_changed);
ATF_TC_BODY(only_what_lacks_a_domain_is_changed, tc)
{
	static const char *const cases[][2] = {
	    {"From: root (Cron)\nSubject: root, a\n",
		"From: root@x.test (Cron)\nSubject: root, a\n"},
	    /* cron's own, which it writes whoever's job it was */
	    {"From: root (Cron Daemon)\nTo: a@b\n",
		"From: me@x.test (Cron Daemon)\nTo: a@b\n"},
	    {"to : a,\n\tb@c, D <d>\n", "to : a@x.test,\n\tb@c, D <d@x.test>\n"},
	    {"Reply-To: a b\n", "Reply-To: a b\n"}, {"From: a", "From: a@x.test"},
	    {"To:\n", "To:\n"}, {"X-To: a\n", "X-To: a\n"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ATF_CHECK(complete(cases[i][0]) == NULL);
		ATF_CHECK_STREQ(cases[i][1], out.s);
	}
}

ATF_TC_WITHOUT_HEAD(recipients_are_gathered);
ATF_TC_BODY(recipients_are_gathered, tc)
{
	ATF_CHECK(complete("To: a\nFrom: f\nCC: b@c\nbcc: d\n") == NULL);
	ATF_REQUIRE_EQ(sizeof "a@x.test\0b@c\0d@x.test", recipients.len);
	ATF_CHECK(memcmp("a@x.test\0b@c\0d@x.test", recipients.s, recipients.len) == 0);
	ATF_CHECK(complete("To: a\nResent-Cc: b@c\n") == NULL);
	ATF_REQUIRE_EQ(sizeof "b@c", recipients.len);
	ATF_CHECK_STREQ("b@c", recipients.s);
	ATF_CHECK_STREQ("Cc", complete("To: a\nCc: b c\n"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_header_ends_where_no_field_is);
	ATF_TP_ADD_TC(tp, only_what_lacks_a_domain_is_changed);
	ATF_TP_ADD_TC(tp, recipients_are_gathered);
	return atf_no_error();
}
