#include <string.h>

#include <atf-c.h>

#include "queue/choice.h"
#include "queue/place.h"
#include "queue_file.h"

static const char *
take(struct choice *c, const char *word)
{
	static char *words[3];
	const char *which;

	words[0] = (char *)word;
	words[1] = NULL;
	return choice_take(c, words, &which);
}

ATF_TC_WITHOUT_HEAD(words_are_ids_selectors_or_all);
ATF_TC_BODY(words_are_ids_selectors_or_all, tc)
{
	char *both[] = {"all", "sender=a@b.c", NULL};
	const char *which;
	struct choice c;

	ATF_CHECK(take(&c, QUEUE_FILE_ID) == NULL);
	ATF_CHECK_EQ(1, c.count);
	ATF_CHECK(take(&c, "all") == NULL && c.all);
	ATF_CHECK(take(&c, "sender=a@b.c") == NULL);
	ATF_CHECK_EQ(1, c.selector.count);
	ATF_CHECK(take(&c, "nonsense") != NULL);
	ATF_CHECK(take(&c, "color=blue") != NULL);
	ATF_CHECK(take(&c, "older=often") != NULL);
	ATF_CHECK_STREQ("beside `all'", choice_take(&c, both, &which));
}

ATF_TC_WITHOUT_HEAD(recipients_are_picked);
ATF_TC_BODY(recipients_are_picked, tc)
{
	char picked[3];
	struct choice c;
	struct file f;

	QUEUE_FILE_OPEN(&f, "Fme@b.test\0Tone@a.test\0Ttwo@far.test\0Tthree@far.test\0",
	    "1795430701 Z 1 4.2.0 later\n");
	take(&c, "domain=far.test");
	ATF_CHECK_EQ(
	    2, choice_pick(&c, &f, QUEUE_FILE_ID, PLACE_NEW, 1795440000, picked));
	ATF_CHECK_EQ(0, memcmp(picked, "\0\1\1", 3));
	take(&c, "state=deferred");
	ATF_CHECK(choice_asks_state(&c));
	ATF_CHECK_EQ(
	    1, choice_pick(&c, &f, QUEUE_FILE_ID, PLACE_NEW, 1795440000, picked));
	ATF_CHECK_EQ(0, memcmp(picked, "\0\1\0", 3));
	take(&c, "sender=other@b.test");
	ATF_CHECK_EQ(
	    0, choice_pick(&c, &f, QUEUE_FILE_ID, PLACE_NEW, 1795440000, picked));
	take(&c, "all");
	ATF_CHECK_EQ(
	    3, choice_pick(&c, &f, QUEUE_FILE_ID, PLACE_NEW, 1795440000, picked));
	file_close(&f);
}

/* What the name alone says need not be opened for it. */
ATF_TC_WITHOUT_HEAD(a_name_tells_age_and_place);
ATF_TC_BODY(a_name_tells_age_and_place, tc)
{
	int64_t born = place_path_time(QUEUE_FILE_ID);
	struct choice c;

	take(&c, "older=2h");
	ATF_CHECK(choice_may_mean(&c, QUEUE_FILE_ID, PLACE_NEW, born + 8000));
	ATF_CHECK(!choice_may_mean(&c, QUEUE_FILE_ID, PLACE_NEW, born + 7000));
	take(&c, "state=hold");
	ATF_CHECK(choice_may_mean(&c, QUEUE_FILE_ID, PLACE_HOLD, born));
	ATF_CHECK(!choice_may_mean(&c, QUEUE_FILE_ID, PLACE_NEW, born));
	ATF_CHECK(choice_takes_foreign(&c, PLACE_HOLD));
	take(&c, "sender=me@b.test");
	ATF_CHECK(choice_may_mean(&c, QUEUE_FILE_ID, PLACE_NEW, born));
	ATF_CHECK(!choice_takes_foreign(&c, PLACE_NEW));
}

ATF_TC_WITHOUT_HEAD(states_have_names);
ATF_TC_BODY(states_have_names, tc)
{
	ATF_CHECK_STREQ("waiting", choice_state_name(0));
	ATF_CHECK_STREQ("deferred", choice_state_name('Z'));
	ATF_CHECK_STREQ("failed", choice_state_name('D'));
	ATF_CHECK_STREQ("bounced", choice_state_name('B'));
	ATF_CHECK_STREQ("removed", choice_state_name('X'));
	ATF_CHECK_STREQ("delivered", choice_state_name('K'));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, words_are_ids_selectors_or_all);
	ATF_TP_ADD_TC(tp, recipients_are_picked);
	ATF_TP_ADD_TC(tp, a_name_tells_age_and_place);
	ATF_TP_ADD_TC(tp, states_have_names);
	return atf_no_error();
}
