#include <string.h>

#include <atf-c.h>

#include "lib/header_fix.h"
#include "lib/text.h"

static stralloc from, sender;
static const char *from_added;

/* What becomes of s, given in pieces of that size; "D\n" and "I\n" are what is added. */
static const char *
fixed(const char *s, size_t piece)
{
	static stralloc out;
	struct header_fix fix = {
	    .date = "D\n", .message_id = "I\n", .from_added = from_added};
	size_t at, len = strlen(s), n, taken;

	out.len = from.len = 0;
	for (at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		taken = fix.ended ? 0 : header_fix_feed(&fix, &out, s + at, n);
		ATF_REQUIRE(taken == n || fix.ended);
		text_catb(&out, s + at + taken, n - taken);
	}
	header_fix_end(&fix, &out);
	text_terminate(&out);
	text_catb(&from, fix.from.value.s, fix.from.value.len);
	text_terminate(&from);
	sender.len = 0;
	text_catb(&sender, fix.sender.value.s, fix.sender.value.len);
	text_terminate(&sender);
	stralloc_free(&fix.from.value);
	stralloc_free(&fix.sender.value);
	stralloc_free(&fix.name);
	return out.s;
}

static void
check(const char *expected, const char *s)
{
	size_t piece;

	for (piece = 1; piece < 20; piece++)
		ATF_CHECK_STREQ(expected, fixed(s, piece));
	ATF_CHECK_STREQ(expected, fixed(s, strlen(s) + 1));
}

ATF_TC_WITHOUT_HEAD(what_is_missing_is_added);
ATF_TC_BODY(what_is_missing_is_added, tc)
{
	check("From: a\nD\nI\n\nx\n", "From: a\n\nx\n");
	check("Date: x\nI\n\n", "Date: x\n\n");
	check("date : x\nMESSAGE-ID: y\n\nDate: z\n",
	    "date : x\nMESSAGE-ID: y\n\nDate: z\n");
	check("Dates: x\nD\nI\n\n", "Dates: x\n\n");
	check("A: x\n Date: y\nD\nI\n\n", "A: x\n Date: y\n\n");
}

ATF_TC_WITHOUT_HEAD(a_sender_is_added_where_there_is_none);
ATF_TC_BODY(a_sender_is_added_where_there_is_none, tc)
{
	from_added = "F\n";
	check("A: x\nF\nD\nI\n\nx\n", "A: x\n\nx\n");
	check("F\nD\nI\n\nFrom: y\n", "\nFrom: y\n");
	check("FROM : y\nD\nI\n\n", "FROM : y\n\n");
	check("Resent-From: y\nF\nD\nI\n\n", "Resent-From: y\n\n");
}

ATF_TC_WITHOUT_HEAD(bcc_is_removed);
ATF_TC_BODY(bcc_is_removed, tc)
{
	check("A: 1\nDate: x\nMessage-ID: y\nB: 2\n\nBcc: stays\n",
	    "A: 1\nBCC: a@b,\n\tc@d,\n e@f\nDate: x\nMessage-ID: y\nResent-Bcc: "
	    "x\nbcc:\nB: "
	    "2\n\nBcc: stays\n");
	check("Bccx: 1\nD\nI\n\n", "Bccx: 1\nBcc : a\n\n");
}

ATF_TC_WITHOUT_HEAD(a_header_without_end_is_ended);
ATF_TC_BODY(a_header_without_end_is_ended, tc)
{
	check("D\nI\n", "");
	check("A: b\nD\nI\n", "A: b\n");
	check("A: b\nD\nI\n", "A: b");
	check("D\nI\n", "Bcc: b");
	check("D\nI\n\nno field\nA: b\n", "no field\nA: b\n");
	check("A: b\nD\nI\n\nno field: c\nBcc: d\n", "A: b\nno field: c\nBcc: d\n");
	check("D\nI\n\nno fie", "no fie");
	check("D\nI\n\n: x\n", ": x\n");
}

ATF_TC_WITHOUT_HEAD(a_line_of_an_mbox_at_the_top_goes);
ATF_TC_BODY(a_line_of_an_mbox_at_the_top_goes, tc)
{
	check(
	    "From: a\nD\nI\n\nx\n", "From a@b Mon Nov 23 14:00:00 2026\nFrom: a\n\nx\n");
	check("X: y\nReceived: here\n\tnow\nFrom: a\nD\nI\n\nFrom me\n",
	    "X: y\nReceived: here\n\tnow\n>From a@b\nFrom: a\nBcc: c\n\nFrom me\n");
	/* only there, and only one */
	check("D\nI\n\nFrom a\nB: c\n", "From a\nFrom a\nB: c\n");
	check("A: b\nD\nI\n\nFrom a\n", "A: b\nFrom a\n");
	check("From : a\nD\nI\n\n", "From : a\n\n");
	check("D\nI\n\nFrome x\n", "Frome x\n");
	check("D\nI\n\n", "From a\n\n");
	fixed("From a@b 14:00\nFrom: c@d\n\n", 3);
	ATF_CHECK_STREQ(" c@d\n", from.s);
}

ATF_TC_WITHOUT_HEAD(the_from_field_is_kept);
ATF_TC_BODY(the_from_field_is_kept, tc)
{
	fixed("From: a@b,\n c@d\nTo: x\nfrom : e@f\n\nFrom: g@h\n", 3);
	ATF_CHECK_STREQ(" a@b,\n c@d\n, e@f\n", from.s);
	fixed("Sender: a@b\nFrom: c@d\nSENDER :\n e@f\nSenders: g@h\n", 3);
	ATF_CHECK_STREQ(" c@d\n", from.s);
	ATF_CHECK_STREQ(" a@b\n,\n e@f\n", sender.s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_missing_is_added);
	ATF_TP_ADD_TC(tp, a_sender_is_added_where_there_is_none);
	ATF_TP_ADD_TC(tp, bcc_is_removed);
	ATF_TP_ADD_TC(tp, a_header_without_end_is_ended);
	ATF_TP_ADD_TC(tp, a_line_of_an_mbox_at_the_top_goes);
	ATF_TP_ADD_TC(tp, the_from_field_is_kept);
	return atf_no_error();
}
