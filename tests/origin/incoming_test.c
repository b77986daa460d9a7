#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "origin/author.h"
#include "origin/incoming.h"

static struct incoming in;

/* What passes of s, fed in pieces of so many bytes. */
static const char *
passes_in(const char *s, size_t piece)
{
	static stralloc out;
	size_t at, len = strlen(s), n, taken;

	stralloc_free(&in.from);
	stralloc_free(&in.held);
	in = (struct incoming){.name = "mx.example.test"};
	out.len = 0;
	for (at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		taken = incoming_feed(&in, &out, s + at, n);
		text_catb(&out, s + at + taken, n - taken);
	}
	incoming_end(&in, &out);
	text_terminate(&out);
	return out.s;
}

/* What passes, which is the same whatever the pieces are. */
static const char *
passes(const char *s)
{
	static stralloc whole;

	text_set(&whole, passes_in(s, strlen(s) + 1));
	ATF_CHECK_STREQ(whole.s, passes_in(s, 1));
	ATF_CHECK_STREQ(whole.s, passes_in(s, 7));
	return whole.s;
}

#define AR "Authentication-Results:"

ATF_TC_WITHOUT_HEAD(fields_that_claim_our_name_go);
ATF_TC_BODY(fields_that_claim_our_name_go, tc)
{
	static const char *const cases[] = {AR " mx.example.test; dmarc=pass\n",
	    AR "mx.example.test;none\n", AR " MX.Example.TEST 1; spf=pass\n",
	    AR "\n\tmx.example.test\n\t; spf=pass\n", AR " (a;b (c)) mx.example.test;x\n",
	    AR " \"mx.example.test\"; spf=pass\n",
	    AR " \"mx.\\example.test\"; spf=pass\n", AR " mx.example.test\n",
	    AR " mx.example.test.; x\n", AR " mx.example.test(c)1;x\n",
	    AR " mx (c) .example.test; x\n",
	    "authentication-results : mx.example.test; x\n",
	    "AUTHENTICATION-RESULTS  \t                            : mx.example.test; "
	    "x\n",
	    AR " (open mx.example.test; spf=pass\n", AR " \"open; spf=pass\n",
	    AR " \"mx.example.test;\"; x\n", AR " mx.example.test\v; x\n",
	    AR "\xc2\xa0mx.example.test\xc2\xa0; x\n", AR " <mx.example.test>; x\n",
	    AR " mx.example.test/1; x\n", AR " mx.example.test1; x\n",
	    "X-Facteur-Quarantine: dmarc\n", "x-facteur-quarantine:\n\tdmarc\n"};
	stralloc message = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		message.len = 0;
		text_cat(&message, "A: b\n", cases[i], "C: d\n\nbody\n", (char *)NULL);
		text_terminate(&message);
		ATF_CHECK_STREQ("A: b\nC: d\n\nbody\n", passes(message.s));
		ATF_CHECK_EQ(1, in.removed);
		message.len = 0;
		text_cat(&message, cases[i], (char *)NULL);
		text_terminate(&message);
		ATF_CHECK_STREQ("", passes(message.s));
	}
	stralloc_free(&message);
}

ATF_TC_WITHOUT_HEAD(everything_else_stays_as_it_is);
ATF_TC_BODY(everything_else_stays_as_it_is, tc)
{
	static const char *const cases[] = {"", "\n", "A: b\n", "A: b",
	    AR " other.example; spf=pass\n\n" AR " mx.example.test; in the body\n",
	    AR " mx.example.test.evil; x\n\n", AR " xmx.example.test; x\n\n",
	    AR " \"other;mx.example.test\"; x\n\n", AR ";\n\n", AR "\n\n", AR,
	    AR " (mx.example.test) other; x\n\n", "X-" AR " mx.example.test; x\n\n",
	    "ARC-" AR " i=1; mx.example.test; x\n\n", " folded: x\n\n",
	    "no field\nA: b\n\nbody\n", "From x@y Mon Nov 30\nA: b\n\n", ": x\n\n",
	    "A: b\r\n\r\n" AR " mx.example.test; in the body\r\n",
	    "Authentication-Result: mx.example.test; x\n\n",
	    "Authentication-Results mx.example.test; x\n\n"};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ATF_CHECK_STREQ(cases[i], passes(cases[i]));
		ATF_CHECK_EQ(0, in.removed);
	}
}

ATF_TC_WITHOUT_HEAD(a_header_that_has_no_end_hides_nothing);
ATF_TC_BODY(a_header_that_has_no_end_hides_nothing, tc)
{
	ATF_CHECK_STREQ(
	    "no field\nA: b\n", passes("no field\n" AR " mx.example.test; x\nA: b\n"));
	ATF_CHECK_STREQ(" x\n", passes(" x\n" AR " mx.example.test; x"));
}

ATF_TC_WITHOUT_HEAD(what_hides_behind_a_long_comment_goes);
ATF_TC_BODY(what_hides_behind_a_long_comment_goes, tc)
{
	stralloc message = {0};
	size_t i;

	text_cat(&message, AR " (", (char *)NULL);
	for (i = 0; i < 7000; i++)
		text_cat(&message, "0123456789", (char *)NULL);
	text_cat(&message, ") mx.example.test; x\nA: b\n\n", (char *)NULL);
	text_terminate(&message);
	ATF_CHECK_STREQ("A: b\n\n", passes(message.s));
	stralloc_free(&message);
}

ATF_TC_WITHOUT_HEAD(what_is_longer_than_any_name_is_still_ours);
ATF_TC_BODY(what_is_longer_than_any_name_is_still_ours, tc)
{
	static const char *const begins[] = {" ", "/", " (c) x ", "; ", " =?x?q?"};
	stralloc message = {0};
	size_t i, j;

	for (i = 0; i < sizeof begins / sizeof *begins; i++) {
		message.len = 0;
		text_cat(&message, AR " mx.example.test", begins[i], (char *)NULL);
		for (j = 0; j < 600; j++)
			text_cat(&message, "1", (char *)NULL);
		text_cat(&message, "; x\nA: b\n\n", (char *)NULL);
		text_terminate(&message);
		ATF_CHECK_STREQ("A: b\n\n", passes(message.s));
	}
	stralloc_free(&message);
}

/* The domains of the From fields of the header s, with a blank after each. */
static const char *
domains(const char *s)
{
	static stralloc all;
	struct author author;
	size_t i;

	passes(s);
	author_find(&author, in.from.s, in.from.len);
	all.len = 0;
	for (i = 0; i < author.n; i++)
		text_cat(&all, author.domains[i], " ", (char *)NULL);
	text_cat(&all, author.is_malformed ? "!" : "", author.has_more ? "+" : "",
	    author.is_unreadable ? "?" : "", (char *)NULL);
	text_terminate(&all);
	return all.s;
}

ATF_TC_WITHOUT_HEAD(the_domains_of_the_author_are_found);
ATF_TC_BODY(the_domains_of_the_author_are_found, tc)
{
	static const char *const cases[][2] = {{"From: a@b.example\n\n", "b.example "},
	    {"A: b\nFROM : Joe <a@B.Example>\nC: d\n\n", "b.example "},
	    {"From: a@b,\n c@d,\n\te@B\n\n", "b d "},
	    {"From: a@b\nFrom: c@d\n\n", "b d "}, {"From:\n\n", ""}, {"To: a@b\n\n", ""},
	    {"From: nobody:;\n\n", ""}, {"From: group: a@b, c@d;\n\n", "b d "},
	    {"From: \"x@y\" <a@b>\n\n", "b "}, {"From: (x@y) a@b\n\n", "b "},
	    {"From: a@b.\n\n", "b !"}, {"From: x@y z@w\n\n", "y w !"},
	    {"From: <a@b\n\n", "b !"}, {"From: a@[192.0.2.1]\n\n", ""},
	    {"From: J\xc3\xb6rg <j\xc3\xb6rg@b\xc3\xbc"
	     "cher.example>\n\n",
		"xn--bcher-kva.example "},
	    {"From: a@1,a@2,a@3,a@4,a@5\n\n", "1 2 3 4 +"},
	    {"From: a@1,a@2,a@3,a@4,a@1\n\n", "1 2 3 4 "}, {"A: b\n\nFrom: a@b\n", ""},
	    {"From: a@b", "b "}, {"From", ""},
	    /* what begins in one field does not end in another */
	    {"From: a@b (\nFrom: ) <c@d>\n\n", "b d !"},
	    {"From: a@b \"\nFrom: \" <c@d>\n\n", "b d !"},
	    {"From: <a@b\nFrom: >, c@d\n\n", "b d !"}, {"From: a@b:;\n\n", "b !"},
	    {"From: \"a@b\":;\n\n", ""}, {"From: <a@b\xff>\n\n", "b !"},
	    {"From: a@b\xc2\n\n", "b !"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], domains(cases[i][0]));
	domains("From: a@b\nfrom: c@d\n\n");
	ATF_CHECK_EQ(2, in.froms);
	domains("DKIM-Signature: x\ndkim-signature: y\nFrom: a@b\n\nDKIM-Signature: z\n");
	ATF_CHECK_EQ(2, in.signatures);
}

ATF_TC_WITHOUT_HEAD(domains_are_those_that_readers_see);
ATF_TC_BODY(domains_are_those_that_readers_see, tc)
{
	static const char *const cases[][2] = {
	    {"From: a@b.example\xc2\xa0\n\n", "?"}, /* no-break space */
	    {"From: <a@b.ex\xe2\x80\x8b"
	     "ample>\n\n",
		"?"},                                   /* of no width */
	    {"From: a@b.example\xe2\x80\x8d\n\n", "?"}, /* joiner */
	    {"From: a@\xef\xbd\x82\xe3\x80\x82"
	     "example\n\n",
		"b.example "},
	    {"From: j@B\xc3\x9c"
	     "CHER.example\n\n",
		"xn--bcher-kva.example "},
	    {"From: j@\xd0\x9f\xd0\x8e.example\n\n", "xn--o1a6d.example "},
	    {"From: a@b.example, c@d\xc2\xa0\n\n", "b.example ?"},
	    {"From: =?utf-8?q?ceo=40b.example?=\n\n", "!?"},
	    {"From: =?utf-8?q?ceo=40b.example?= <a@d>\n\n", "d "},
	    {"From: root\n\n", "!"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		ATF_CHECK_STREQ(cases[i][1], domains(cases[i][0]));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, fields_that_claim_our_name_go);
	ATF_TP_ADD_TC(tp, everything_else_stays_as_it_is);
	ATF_TP_ADD_TC(tp, a_header_that_has_no_end_hides_nothing);
	ATF_TP_ADD_TC(tp, what_hides_behind_a_long_comment_goes);
	ATF_TP_ADD_TC(tp, what_is_longer_than_any_name_is_still_ours);
	ATF_TP_ADD_TC(tp, the_domains_of_the_author_are_found);
	ATF_TP_ADD_TC(tp, domains_are_those_that_readers_see);
	return atf_no_error();
}
