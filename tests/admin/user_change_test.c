#include "lib/verdict.h"
#include "user_home.h"

static void
set(struct user_change *c, char **argv)
{
	user_change_of(c, argv[0]);
	user_change_begin(c);
	user_change_line(c);
	ATF_REQUIRE(stralloc_cats(&c->text, argv[1]));
	user_change_set(c, &c->files.mailboxes);
	user_change_compile(c);
	user_change_end(c, &c->files.mailboxes, NULL);
}

static void
drop(struct user_change *c, char **argv)
{
	user_change_of(c, argv[0]);
	user_change_begin(c);
	if (!user_change_drop(c, &c->files.mailboxes))
		user_change_refuse(c, " is not there");
	user_change_compile(c);
	user_change_end(c, &c->files.mailboxes, NULL);
}

static void
need(struct user_change *c, char **argv)
{
	user_change_of(c, argv[0]);
	user_change_begin(c);
	user_change_need_domain(c);
	user_change_need_mailbox(c);
}

static int
run(void (*act)(struct user_change *c, char **argv), char *address, char *more)
{
	return user_home_run(act, (char *[]){address, more, NULL});
}

ATF_TC_WITHOUT_HEAD(a_line_is_replaced_in_its_place);
ATF_TC_BODY(a_line_is_replaced_in_its_place, tc)
{
	user_home_make();
	ATF_CHECK_EQ(ACCEPT, run(set, "ANN@x.test", "7:8:"));
	ATF_CHECK_STREQ("# who\nann@x.test:7:8:\nbob@x.test:1:2:500",
	    user_home_get("users/mailboxes"));
}

ATF_TC_WITHOUT_HEAD(a_new_line_goes_to_the_end_and_completes_the_last);
ATF_TC_BODY(a_new_line_goes_to_the_end_and_completes_the_last, tc)
{
	user_home_make();
	ATF_CHECK_EQ(ACCEPT, run(set, "\"c:d\"@x.test", "7:8:"));
	ATF_CHECK_STREQ("# who\nAnn@x.test:1:2:\nbob@x.test:1:2:500\n"
			"\"c:d\"@x.test:7:8:\n",
	    user_home_get("users/mailboxes"));
}

ATF_TC_WITHOUT_HEAD(a_line_is_taken_out_once);
ATF_TC_BODY(a_line_is_taken_out_once, tc)
{
	user_home_make();
	ATF_CHECK_EQ(ACCEPT, run(drop, "bob@X.test", NULL));
	ATF_CHECK_STREQ("# who\nAnn@x.test:1:2:\n", user_home_get("users/mailboxes"));
	ATF_CHECK_EQ(REJECT, run(drop, "bob@x.test", NULL));
	ATF_CHECK_STREQ("# who\nAnn@x.test:1:2:\n", user_home_get("users/mailboxes"));
}

ATF_TC_WITHOUT_HEAD(wrong_lines_change_nothing);
ATF_TC_BODY(wrong_lines_change_nothing, tc)
{
	user_home_make();
	user_home_put("users/aliases", "nonsense\n");
	ATF_CHECK_EQ(DEFER, run(set, "ann@x.test", "7:8:"));
	ATF_CHECK(strstr(user_home_get("said"), "users/aliases:1: ") != NULL);
	ATF_CHECK(strstr(user_home_get("users/mailboxes"), "Ann@x.test:1:2:") != NULL);
}

ATF_TC_WITHOUT_HEAD(addresses_must_be_some);
ATF_TC_BODY(addresses_must_be_some, tc)
{
	static char *const bad[] = {
	    "", "ann", "@", "ann@", "a b@x.test", "ann@x.test\nbob@x.test", "\n@x.test"};
	size_t i;

	user_home_make();
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ATF_CHECK_EQ_MSG(REJECT, run(need, bad[i], NULL), "%s", bad[i]);
}

ATF_TC_WITHOUT_HEAD(what_is_needed_is_in_any_spelling);
ATF_TC_BODY(what_is_needed_is_in_any_spelling, tc)
{
	static const struct {
		char *address;
		int code;
		const char *said;
	} cases[] = {
	    {"ann@x.test", ACCEPT, ""},
	    {"\"Ann\"@X.TEST", ACCEPT, ""},
	    {"postmaster@x.test", REJECT, "is an alias"},
	    {"nobody@y.test", REJECT, "no such mailbox"},
	    {"ann@elsewhere.test", REJECT, "not one of our domains"},
	    {"ann@below.x.test", REJECT, "not one of our domains"},
	    {"ann@test", REJECT, "not one of our domains"},
	};
	size_t i;

	user_home_make();
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ATF_CHECK_EQ_MSG(cases[i].code, run(need, cases[i].address, NULL), "%s",
		    cases[i].address);
		ATF_CHECK_MSG(strstr(user_home_get("said"), cases[i].said) != NULL,
		    "%s: %s", cases[i].address, user_home_text);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_line_is_replaced_in_its_place);
	ATF_TP_ADD_TC(tp, a_new_line_goes_to_the_end_and_completes_the_last);
	ATF_TP_ADD_TC(tp, a_line_is_taken_out_once);
	ATF_TP_ADD_TC(tp, wrong_lines_change_nothing);
	ATF_TP_ADD_TC(tp, addresses_must_be_some);
	ATF_TP_ADD_TC(tp, what_is_needed_is_in_any_spelling);
	return atf_no_error();
}
