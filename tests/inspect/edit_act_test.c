#include <atf-c.h>

#include "../queue/queue_file.h"
#include "inspect/edit_act.h"
#include "queue/place.h"

static const struct edit_act *
act(const char *name)
{
	const struct edit_act *found = edit_act_named(name);

	ATF_REQUIRE_MSG(found != NULL, "%s", name);
	return found;
}

ATF_TC_WITHOUT_HEAD(each_act_has_its_places);
ATF_TC_BODY(each_act_has_its_places, tc)
{
	ATF_CHECK(edit_act_named("explode") == NULL);
	ATF_CHECK(edit_act_refuses(act("retry"), PLACE_NEW) == NULL);
	ATF_CHECK(edit_act_refuses(act("retry"), 1795430701) == NULL);
	ATF_CHECK_STREQ(
	    "it is held: release it", edit_act_refuses(act("retry"), PLACE_HOLD));
	ATF_CHECK_STREQ("it is held already", edit_act_refuses(act("hold"), PLACE_HOLD));
	ATF_CHECK_STREQ("it is not held", edit_act_refuses(act("release"), PLACE_NEW));
	ATF_CHECK(edit_act_refuses(act("remove"), PLACE_BAD) == NULL);
	ATF_CHECK(edit_act_refuses(act("bounce"), PLACE_BAD) != NULL);
}

ATF_TC_WITHOUT_HEAD(recipients_are_met_by_state_and_address);
ATF_TC_BODY(recipients_are_met_by_state_and_address, tc)
{
	struct file f;
	struct edit_message m = {.file = &f, .picked = "\1\1\1\0"};

	QUEUE_FILE_OPEN(&f,
	    "Fme@b.test\0Tone@a.test\0Ttwo@a.test\0Tthree@a.test\0Tfour@a.test\0",
	    "1795430701 Z 1 4.2.0 later\n1795430701 K 2 2.0.0 ok\n");
	ATF_CHECK(edit_act_meets(act("remove"), &m, 0));
	ATF_CHECK(edit_act_meets(act("remove"), &m, 1));
	ATF_CHECK(!edit_act_meets(act("remove"), &m, 2));
	ATF_CHECK(!edit_act_meets(act("remove"), &m, 3));
	m.from = "ONE@a.test";
	ATF_CHECK(edit_act_meets(act("redirect"), &m, 0));
	ATF_CHECK(!edit_act_meets(act("redirect"), &m, 1));
	/* the fourth is still waiting */
	ATF_CHECK(!edit_act_ends(act("remove"), &m));
	file_close(&f);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, each_act_has_its_places);
	ATF_TP_ADD_TC(tp, recipients_are_met_by_state_and_address);
	return atf_no_error();
}
