#include <string.h>

#include <atf-c.h>

#include "lib/selector.h"

/* Of a message from a@b.c, 2 days old, 10 KB, deferred; words stand apart by blanks. */
static int
meets(const char *text, const char *address, const char *state)
{
	static char words[500];
	struct selector_message m = {"later", "a@b.c", "eve", 172800, 10240};
	struct selector_recipient r = {address, state};
	struct selector s = {0};
	char *rest = words, *word;

	strcpy(words, text);
	while ((word = strsep(&rest, " ")) != NULL)
		ATF_REQUIRE_MSG(
		    !selector_add(&s, word), "%s: %s", word, selector_add(&s, word));
	return selector_meets_message(&s, &m) && selector_meets_recipient(&s, &m, &r);
}

ATF_TC_WITHOUT_HEAD(each_name_asks_one_thing);
ATF_TC_BODY(each_name_asks_one_thing, tc)
{
	static const struct {
		const char *text;
		int holds;
	} cases[] = {
	    {"sender=A@b.c", 1},
	    {"sender=@b.c", 1},
	    {"sender=", 0},
	    {"sender=<>", 0},
	    {"recipient=x@far.test", 1},
	    {"recipient=*@near.test", 0},
	    {"domain=far.test", 1},
	    {"domain=.test", 1},
	    {"domain=far", 0},
	    {"user=eve", 1},
	    {"user=bob", 0},
	    {"older=2d", 1},
	    {"older=172801", 0},
	    {"younger=2d", 0},
	    {"younger=1w", 1},
	    {"older=48h younger=2881m", 1},
	    {"larger=10k", 1},
	    {"larger=10241", 0},
	    {"smaller=1m", 1},
	    {"smaller=10k", 0},
	    {"state=deferred", 1},
	    {"state=later", 1},
	    {"state=new,hold", 0},
	    {"state=hold,deferred", 1},
	    {"state=failed,bad", 0},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
		ATF_CHECK_EQ_MSG(cases[i].holds,
		    meets(cases[i].text, "x@far.test", "deferred"), "%s", cases[i].text);
}

ATF_TC_WITHOUT_HEAD(words_of_one_name_are_alternatives);
ATF_TC_BODY(words_of_one_name_are_alternatives, tc)
{
	ATF_CHECK(meets("domain=x.test domain=far.test", "x@far.test", "waiting"));
	ATF_CHECK(!meets("domain=x.test domain=y.test", "x@far.test", "waiting"));
	ATF_CHECK(!meets("domain=far.test sender=x@y.z", "x@far.test", "waiting"));
	ATF_CHECK(meets("state=new state=waiting", "x@far.test", "waiting"));
	ATF_CHECK(meets("state=later state=delivered", "x@far.test", "waiting"));
	ATF_CHECK(
	    !meets("state=later state=delivered domain=no", "x@far.test", "waiting"));
}

ATF_TC_WITHOUT_HEAD(what_cannot_be_told_of_a_new_message_is_known);
ATF_TC_BODY(what_cannot_be_told_of_a_new_message_is_known, tc)
{
	struct selector s = {0};

	ATF_CHECK(!selector_add(&s, "sender=a@b.c"));
	ATF_CHECK(!selector_asks_recipients(&s));
	ATF_CHECK(!selector_add(&s, "domain=a"));
	ATF_CHECK(selector_asks_recipients(&s));
	ATF_CHECK(selector_fits_arrival(&s));
	ATF_CHECK(!selector_add(&s, "older=1"));
	ATF_CHECK(!selector_fits_arrival(&s));
}

ATF_TC_WITHOUT_HEAD(wrong_words_are_refused);
ATF_TC_BODY(wrong_words_are_refused, tc)
{
	static const char *const wrong[] = {"", "=", "x=y", "sender", "Sender=a",
	    "older=", "older=d", "older=-1", "older=1y", "older=1dd",
	    "older=99999999999999999999", "older=9223372036854775807w", "larger=1t",
	    "larger=k", "state=", "state=,", "state=new,", "state=old", "recipient="};
	struct selector s = {0};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i)
		ATF_CHECK_MSG(selector_add(&s, wrong[i]), "%s", wrong[i]);
	ATF_CHECK_EQ(0, s.count);
	for (int i = 0; i < SELECTOR_MAX; ++i)
		ATF_CHECK(!selector_add(&s, "sender=a"));
	ATF_CHECK(selector_add(&s, "sender=a"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_name_asks_one_thing);
	ATF_TP_ADD_TC(tp, words_of_one_name_are_alternatives);
	ATF_TP_ADD_TC(tp, what_cannot_be_told_of_a_new_message_is_known);
	ATF_TP_ADD_TC(tp, wrong_words_are_refused);
	return atf_no_error();
}
