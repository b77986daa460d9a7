#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/sink_environment.h"
#include "lib/text.h"

static struct policies policies;
static stralloc recipients;

ATF_TC_WITHOUT_HEAD(a_program_finds_what_is_known);
ATF_TC_BODY(a_program_finds_what_is_known, tc)
{
	const char *const argv[] = {"filter", NULL};
	struct sink_environment e = {.helo = "a.test",
	    .sender = "",
	    .recipients = &recipients,
	    .policies = &policies};

	text_set(&recipients, "b@b.test\nc@c.test\n");
	ATF_CHECK_EQ(0, sink_environment_set(&e, argv));
	ATF_CHECK_STREQ("a.test", getenv("SMTPHELO"));
	ATF_CHECK_STREQ("", getenv("SENDER"));
	ATF_CHECK_STREQ("b@b.test\nc@c.test", getenv("RECIPIENTS"));
	/* too many */
	text_room(&recipients, SINK_ENVIRONMENT_RECIPIENTS_MAX + 1);
	memset(recipients.s, 'x', SINK_ENVIRONMENT_RECIPIENTS_MAX + 1);
	recipients.len = SINK_ENVIRONMENT_RECIPIENTS_MAX + 1;
	e.helo = NULL;
	ATF_CHECK_EQ(0, sink_environment_set(&e, argv));
	ATF_CHECK(getenv("SMTPHELO") == NULL && getenv("RECIPIENTS") == NULL);
	sink_environment_clear(&e, argv);
	ATF_CHECK(getenv("SENDER") == NULL);
}

ATF_TC_WITHOUT_HEAD(a_service_needs_none);
ATF_TC_BODY(a_service_needs_none, tc)
{
	const char *const argv[] = {"unix:run/queue.sock", NULL};
	const struct sink_environment e = {
	    .sender = "a", .recipients = &recipients, .policies = &policies};

	ATF_CHECK_EQ(0, sink_environment_set(&e, argv));
	ATF_CHECK(getenv("SENDER") == NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_program_finds_what_is_known);
	ATF_TP_ADD_TC(tp, a_service_needs_none);
	return atf_no_error();
}
