#include "admin/user_targets.h"
#include "lib/verdict.h"
#include "user_home.h"

static void
act(struct user_change *c, char **argv)
{
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	user_targets_verb(c, argc, argv);
}

#define RUN(...) user_home_run(act, (char *[]){"alias", __VA_ARGS__, NULL})

/* What the alias a@x.test is now, without its name; "" when it is none. */
static const char *
targets(void)
{
	char *at = strstr((char *)user_home_get("users/aliases"), "a@x.test:");

	if (at == NULL)
		return "";
	at[strcspn(at, "\n")] = '\0';
	return at + strlen("a@x.test:");
}

ATF_TC_WITHOUT_HEAD(targets_come_and_go);
ATF_TC_BODY(targets_come_and_go, tc)
{
	user_home_make();
	ATF_CHECK_EQ(ACCEPT, RUN("a@x.test", "B@e.test", "c@e.test"));
	ATF_CHECK_STREQ(" B@e.test, c@e.test", targets());
	ATF_CHECK_EQ(ACCEPT, RUN("add", "A@x.test", "b@E.test", "d@e.test", "D@e.test"));
	ATF_CHECK_STREQ(" B@e.test, c@e.test, d@e.test", targets());
	ATF_CHECK_EQ(ACCEPT, RUN("remove", "a@x.test", "\"C\"@e.test"));
	ATF_CHECK_STREQ(" B@e.test, d@e.test", targets());
	ATF_CHECK_EQ(ACCEPT, RUN("set", "a@x.test", "bob@x.test"));
	ATF_CHECK_STREQ(" bob@x.test", targets());
}

ATF_TC_WITHOUT_HEAD(what_can_not_be_is_refused_and_changes_nothing);
ATF_TC_BODY(what_can_not_be_is_refused_and_changes_nothing, tc)
{
	static char *const cases[][6] = {
	    {"an alias already", "alias", "a@x.test", "c@e.test"},
	    {"no such alias", "alias", "add", "none@x.test", "c@e.test"},
	    {"no such alias", "alias", "remove", "none@x.test", "c@e.test"},
	    {"no such target", "alias", "remove", "a@x.test", "z@e.test"},
	    /* all or nothing */
	    {"no such target", "alias", "remove", "a@x.test", "b@e.test", "z@e.test"},
	    {"would have no target", "alias", "remove", "a@x.test", "b@e.test"},
	    {"not an address", "alias", "set", "a@x.test", "c@e.test, d@e.test"},
	    {"not an address", "alias", "set", "a@x.test", "nobody"},
	    {"not an address", "alias", "set", "a@x.test", ""},
	    {"own target", "alias", "set", "a@x.test", "A@x.test"},
	    {"not one of our domains", "alias", "set", "a@e.test", "c@e.test"},
	    {"is a mailbox already", "alias", "set", "ann@x.test", "c@e.test"},
	};
	size_t i;

	user_home_make();
	ATF_REQUIRE_EQ(ACCEPT, RUN("a@x.test", "b@e.test"));
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *argv[6] = {NULL};

		memcpy(argv, cases[i] + 1, 5 * sizeof(*argv));
		ATF_CHECK_EQ_MSG(REJECT, user_home_run(act, argv), "case %zu", i);
		ATF_CHECK_MSG(strstr(user_home_get("said"), cases[i][0]) != NULL,
		    "case %zu: %s", i, user_home_text);
		ATF_CHECK_STREQ(" b@e.test", targets());
	}
}

ATF_TC_WITHOUT_HEAD(a_mailbox_may_keep_a_copy_of_what_it_sends_on);
ATF_TC_BODY(a_mailbox_may_keep_a_copy_of_what_it_sends_on, tc)
{
	user_home_make();
	ATF_CHECK_EQ(ACCEPT, RUN("ann@x.test", "ANN@x.test", "c@e.test"));
	ATF_CHECK_EQ(REJECT, RUN("remove", "ann@x.test", "ann@x.test"));
	ATF_CHECK(strstr(user_home_get("users/aliases"),
		      "ann@x.test: ANN@x.test, c@e.test\n") != NULL);
}

ATF_TC_WITHOUT_HEAD(a_catch_all_is_an_alias_too);
ATF_TC_BODY(a_catch_all_is_an_alias_too, tc)
{
	user_home_make();
	ATF_CHECK_EQ(ACCEPT, RUN("add", "@Y.test", "bob@x.test"));
	ATF_CHECK(strstr(user_home_get("users/aliases"),
		      "@y.test: ann@x.test, bob@x.test\n") != NULL);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, targets_come_and_go);
	ATF_TP_ADD_TC(tp, what_can_not_be_is_refused_and_changes_nothing);
	ATF_TP_ADD_TC(tp, a_mailbox_may_keep_a_copy_of_what_it_sends_on);
	ATF_TP_ADD_TC(tp, a_catch_all_is_an_alias_too);
	return atf_no_error();
}
