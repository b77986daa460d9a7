#include <string.h>

#include <atf-c.h>

#include "lib/outcome.h"
#include "lib/text.h"

#define PEER "mx.a[192.0.2.1]"

/* The n bytes at s are these? */
static int
is(const char *wanted, const char *s, size_t n)
{
	return strlen(wanted) == n && memcmp(wanted, s, n) == 0;
}

ATF_TC_WITHOUT_HEAD(a_text_is_taken_apart);
ATF_TC_BODY(a_text_is_taken_apart, tc)
{
	static const struct {
		const char *text, *success, *own, *host, *ip, *reply;
	} cases[] = {
	    {"", NULL, "", NULL, NULL, NULL},
	    {"no mailbox x@y", NULL, "no mailbox x@y", NULL, NULL, NULL},
	    {PEER " said: 250 ok", NULL, PEER " said: 250 ok", "mx.a", "192.0.2.1",
		"250 ok"},
	    {PEER " said: ", NULL, PEER " said: ", "mx.a", "192.0.2.1", ""},
	    {"relayed: " PEER " said: 250 ok", "relayed", PEER " said: 250 ok", "mx.a",
		"192.0.2.1", "250 ok"},
	    {"delivered: to you", "delivered", "to you", NULL, NULL, NULL},
	    {"expanded: ", "expanded", "", NULL, NULL, NULL},
	    {"expanded:", NULL, "expanded:", NULL, NULL, NULL},
	    {OUTCOME_ENDED_HERE PEER " said: 421 x", NULL, PEER " said: 421 x", "mx.a",
		"192.0.2.1", "421 x"},
	    {OUTCOME_ENDED_ELSEWHERE "x", NULL, "x", NULL, NULL, NULL},
	    {"given up after 7 days: " PEER " said: 421 later", NULL,
		"given up after 7 days: " PEER " said: 421 later", "mx.a", "192.0.2.1",
		"421 later"},
	    {"given up after 7 days: not tried again yet: M[2001:db8::1] said: 4", NULL,
		"given up after 7 days: not tried again yet: M[2001:db8::1] said: 4", "M",
		"2001:db8::1", "4"},
	    /* the first who spoke, whatever he said */
	    {PEER " said: 550 x[192.0.2.2] said: no", NULL,
		PEER " said: 550 x[192.0.2.2] said: no", "mx.a", "192.0.2.1",
		"550 x[192.0.2.2] said: no"},
	    {"mx.a[2001:db8::1] said: 550 [x] said: y", NULL,
		"mx.a[2001:db8::1] said: 550 [x] said: y", "mx.a", "2001:db8::1",
		"550 [x] said: y"},
	    {"/run/lmtp[unix] said: 250 ok", NULL, "/run/lmtp[unix] said: 250 ok",
		"/run/lmtp", "unix", "250 ok"},
	    {"[unix] said: x", NULL, "[unix] said: x", NULL, NULL, NULL},
	    {"/run/lmtp[xunix] said: x", NULL, "/run/lmtp[xunix] said: x", NULL, NULL,
		NULL},
	    /* nobody's words: no name, no address, no brackets, another word */
	    {"[192.0.2.1] said: x", NULL, "[192.0.2.1] said: x", NULL, NULL, NULL},
	    {"mx.a[] said: x", NULL, "mx.a[] said: x", NULL, NULL, NULL},
	    {"mx.a[x] said: x", NULL, "mx.a[x] said: x", NULL, NULL, NULL},
	    {"mx.a said: x", NULL, "mx.a said: x", NULL, NULL, NULL},
	    {PEER " said out of turn: x", NULL, PEER " said out of turn: x", NULL, NULL,
		NULL},
	    {PEER ": connection lost at RCPT", NULL, PEER ": connection lost at RCPT",
		NULL, NULL, NULL},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const char *text = cases[i].text;
		struct outcome_parts p;

		outcome_parts(&p, text, strlen(text));
		ATF_CHECK_STREQ(cases[i].own, text + p.own);
		if (cases[i].success == NULL)
			ATF_CHECK_MSG(
			    outcome_success_word(p.success) == NULL, "%s", text);
		else
			ATF_CHECK_STREQ(
			    cases[i].success, outcome_success_word(p.success));
		if (cases[i].host == NULL) {
			ATF_CHECK_MSG(p.host_len == 0 && p.ip_len == 0, "%s", text);
			continue;
		}
		ATF_CHECK_MSG(is(cases[i].host, text + p.host, p.host_len), "%s", text);
		ATF_CHECK_MSG(is(cases[i].ip, text + p.ip, p.ip_len), "%s", text);
		ATF_CHECK_STREQ(cases[i].reply, text + p.reply);
	}
}

ATF_TC_WITHOUT_HEAD(names_and_addresses_have_limits);
ATF_TC_BODY(names_and_addresses_have_limits, tc)
{
	char text[400];
	struct outcome_parts p;

	for (size_t n = 254; n <= 256; ++n) {
		memset(text, 'a', n);
		strcpy(text + n, "[192.0.2.1] said: 250");
		outcome_parts(&p, text, strlen(text));
		ATF_CHECK_EQ(n <= 255 ? n : 0, p.host_len);
	}
	for (size_t n = 44; n <= 46; ++n) {
		text[0] = 'a', text[1] = '[';
		memset(text + 2, ':', n);
		strcpy(text + 2 + n, "] said: 250");
		outcome_parts(&p, text, strlen(text));
		ATF_CHECK_EQ(n <= 45 ? n : 0, p.ip_len);
	}
}

ATF_TC_WITHOUT_HEAD(what_a_server_said_is_kept_as_a_field);
ATF_TC_BODY(what_a_server_said_is_kept_as_a_field, tc)
{
	struct outcome o = {0}, copy = {0};

	outcome_set_reply(&o, 'D', "5.1.1", "mx.a", "192.0.2.1", "550 5.1.1 no");
	ATF_CHECK_STREQ(PEER " said: 550 5.1.1 no", o.text.s);
	ATF_CHECK_STREQ("550 5.1.1 no", outcome_reply(&o));
	outcome_lead(&o, "given up: ");
	ATF_CHECK_STREQ("given up: " PEER " said: 550 5.1.1 no", o.text.s);
	ATF_CHECK_STREQ("550 5.1.1 no", outcome_reply(&o));
	outcome_lead(&o, OUTCOME_RELAYED);
	ATF_CHECK_EQ('r', o.parts.success);
	o.unasked = 1;
	outcome_copy(&copy, &o);
	ATF_CHECK_EQ('D', copy.letter);
	ATF_CHECK_STREQ("5.1.1", copy.status);
	ATF_CHECK_STREQ("550 5.1.1 no", outcome_reply(&copy));
	ATF_CHECK_EQ(1, copy.unasked);
	outcome_set(&o, 'Z', "4.999.99999999", "now ours", (char *)NULL);
	ATF_CHECK_EQ(OUTCOME_STATUS_MAX - 1, strlen(o.status));
	ATF_CHECK_EQ(NULL, outcome_reply(&o));
	ATF_CHECK_EQ(0, o.unasked);
	outcome_free(&o);
	outcome_free(&copy);
}

ATF_TC_WITHOUT_HEAD(a_host_that_may_be_back_outweighs_a_refusal);
ATF_TC_BODY(a_host_that_may_be_back_outweighs_a_refusal, tc)
{
	static const struct {
		char before, then, after;
		const char *text;
	} cases[] = {{0, 'D', 'D', "then"}, {0, 'Z', 'Z', "then"},
	    {'D', 'D', 'D', "then"}, {'D', 'Z', 'Z', "then"}, {'Z', 'D', 'Z', "before"},
	    {'Z', 'Z', 'Z', "then"}};
	struct outcome o = {0}, then = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		outcome_set(&o, cases[i].before, "4.0.0", "be", "fore", (char *)NULL);
		outcome_set(&then, cases[i].then, "5.0.0", "then", (char *)NULL);
		outcome_merge(&o, &then);
		ATF_CHECK_EQ(cases[i].after, o.letter);
		ATF_CHECK_STREQ(cases[i].text, o.text.s);
	}
	outcome_free(&o);
	outcome_free(&then);
}

ATF_TC_WITHOUT_HEAD(it_is_told_whose_fault_it_is);
ATF_TC_BODY(it_is_told_whose_fault_it_is, tc)
{
	static const struct {
		enum outcome_whose whose;
		char letter;
		const char *status, *text;
	} cases[] = {
	    {OUTCOME_JUDGED, 'K', "2.0.0", PEER " said: 250 ok"},
	    {OUTCOME_JUDGED, 'D', "5.1.1", PEER " said: 550 no"},
	    {OUTCOME_JUDGED, 'D', "4.4.7", "given up after 7 days: x"},
	    {OUTCOME_JUDGED, 'Z', "4.2.0", PEER " said: 450 4.2.0 greylisted"},
	    {OUTCOME_JUDGED, 'Z', "4.3.0", PEER " said: 451 4.3.0 oops"},
	    {OUTCOME_JUDGED, 'Z', "4.4.1", PEER " said: 451 4.4.1 my backend"},
	    {OUTCOME_JUDGED, 'Z', "4.2.2", "unable to write: Disk quota exceeded"},
	    {OUTCOME_UNREACHABLE, 'Z', "4.4.1", "unable to connect to " PEER " port 25"},
	    {OUTCOME_UNREACHABLE, 'Z', "4.4.3", "a: no answer from the DNS"},
	    {OUTCOME_TROUBLED, 'Z', "4.4.2", PEER ": connection lost at DATA"},
	    {OUTCOME_TROUBLED, 'Z', "4.0.0", PEER " said: 421 later"},
	    {OUTCOME_TROUBLED, 'Z', "4.3.2", PEER " said: 450 4.3.2 busy"},
	    {OUTCOME_TROUBLED, 'Z', "4.3.1", PEER " said: 452 4.3.1 full"},
	    {OUTCOME_TROUBLED, 'Z', "4.4.5", PEER " said: 451 4.4.5 congested"},
	    {OUTCOME_TROUBLED, 'Z', "4.7.0", OUTCOME_ENDED_HERE PEER " said: 421 no"},
	    {OUTCOME_TROUBLED, 'Z', "4.4.2", OUTCOME_ENDED_HERE PEER ": lost at RCPT"},
	    {OUTCOME_ANOTHERS, 'Z', "4.7.0",
		OUTCOME_ENDED_ELSEWHERE PEER " said: 421 no"},
	    {OUTCOME_ANOTHERS, 'Z', "4.4.2",
		OUTCOME_ENDED_ELSEWHERE PEER ": lost at RCPT"},
	    {OUTCOME_OURS, 'Z', "4.3.0", "unable to read the message: x"},
	    {OUTCOME_OURS, 'Z', "4.3.1", "unable to write: No space left on device"},
	    {OUTCOME_OURS, 'Z', "4.3.5", "control/me is missing"},
	};
	struct outcome o = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		outcome_set(
		    &o, cases[i].letter, cases[i].status, cases[i].text, (char *)NULL);
		ATF_CHECK_EQ_MSG(cases[i].whose, outcome_whose(&o), "%s", cases[i].text);
	}
	outcome_set(&o, 'Z', "4.4.2", "the answer was lost", (char *)NULL);
	o.unasked = 1;
	ATF_CHECK_EQ(OUTCOME_OURS, outcome_whose(&o));
	outcome_free(&o);
}

ATF_TC_WITHOUT_HEAD(an_answer_is_written_and_read);
ATF_TC_BODY(an_answer_is_written_and_read, tc)
{
	struct outcome o = {0}, back = {0};
	stralloc sa = {0};

	outcome_set(&o, 'D', "5.1.1", "no\r\nsuch user", (char *)NULL);
	outcome_put(&sa, &o);
	ATF_CHECK(is("D5.1.1 no  such user", sa.s, sa.len));
	ATF_CHECK(outcome_parse(&back, sa.s, sa.len));
	ATF_CHECK_EQ('D', back.letter);
	ATF_CHECK_STREQ("5.1.1", back.status);
	ATF_CHECK_STREQ("no  such user", back.text.s);
	ATF_CHECK(outcome_parse(&back, "K2.0.0 ", 7));
	ATF_CHECK_EQ('K', back.letter);
	ATF_CHECK_STREQ("", back.text.s);
	outcome_free(&o);
	outcome_free(&back);
	stralloc_free(&sa);
}

ATF_TC_WITHOUT_HEAD(a_malformed_answer_means_not_now);
ATF_TC_BODY(a_malformed_answer_means_not_now, tc)
{
	static const struct {
		const char *s;
		size_t len;
	} bad[] = {{"", 0}, {"K", 1}, {"K ", 2}, {"K delivered", 11}, {"K2.0.0", 6},
	    {"k2.0.0 x", 8}, {"250 2.0.0 x", 11}, {"D5.1.1 \0 x", 10},
	    {"D5.123456.123 x", 15}, {"\0 x", 3}};
	struct outcome o = {0};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
		ATF_CHECK_EQ_MSG(
		    0, outcome_parse(&o, bad[i].s, bad[i].len), "%s", bad[i].s);
		ATF_CHECK_EQ('Z', o.letter);
		ATF_CHECK_STREQ("4.3.0", o.status);
		ATF_CHECK_EQ(OUTCOME_OURS, outcome_whose(&o));
	}
	outcome_free(&o);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_text_is_taken_apart);
	ATF_TP_ADD_TC(tp, names_and_addresses_have_limits);
	ATF_TP_ADD_TC(tp, what_a_server_said_is_kept_as_a_field);
	ATF_TP_ADD_TC(tp, a_host_that_may_be_back_outweighs_a_refusal);
	ATF_TP_ADD_TC(tp, it_is_told_whose_fault_it_is);
	ATF_TP_ADD_TC(tp, an_answer_is_written_and_read);
	ATF_TP_ADD_TC(tp, a_malformed_answer_means_not_now);
	return atf_no_error();
}
