#include <stdio.h>
#include <unistd.h>

#include <atf-c.h>

#include "finding/control_seen.h"

static void
put(const char *text)
{
	FILE *file = fopen("file", "w");

	ATF_REQUIRE(file != NULL);
	fputs(text, file);
	fclose(file);
}

ATF_TC_WITHOUT_HEAD(a_change_is_seen_once);
ATF_TC_BODY(a_change_is_seen_once, tc)
{
	struct control_seen seen = {0};

	ATF_CHECK(!control_seen_changed(&seen, "file"));
	put("a\n");
	ATF_CHECK(control_seen_changed(&seen, "file"));
	ATF_CHECK(!control_seen_changed(&seen, "file"));
	put("a\nb\n");
	ATF_CHECK(control_seen_changed(&seen, "file"));
	ATF_REQUIRE_EQ(0, unlink("file"));
	ATF_CHECK(control_seen_changed(&seen, "file"));
	ATF_CHECK(!control_seen_changed(&seen, "file"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_change_is_seen_once);
	return atf_no_error();
}
