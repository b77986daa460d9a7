#include "admin/user_alias.h"
#include "lib/verdict.h"
#include "user_home.h"

/* Compile what there is and say what user_alias_check does of all, or of argv[0]. */
static void
check(struct user_change *c, char **argv)
{
	user_change_begin(c);
	if (argv[0] != NULL)
		user_change_of(c, argv[0]);
	user_change_compile(c);
	user_alias_check(
	    &c->files, argv[0] != NULL ? c->user.key.s : NULL, c->user.key.len);
}

/* Say whose postmaster's mail comes to argv[0]. */
static void
postmaster(struct user_change *c, char **argv)
{
	const char *found;

	user_change_of(c, argv[0]);
	user_change_begin(c);
	found = user_alias_postmaster(&c->files, c->user.key.s, c->user.key.len);
	if (found == NULL)
		found = "nobody";
	ATF_REQUIRE(write(2, found, strlen(found)) > 0);
}

static const char *
said(void (*act)(struct user_change *c, char **argv), char *address)
{
	ATF_REQUIRE_EQ(ACCEPT, user_home_run(act, (char *[]){address, NULL}));
	return user_home_get("said");
}

static const struct {
	const char *aliases;
	const char *said; /* a part of it; null: nothing */
} cases[] = {
    {"", NULL},
    {"a@x.test: ann@x.test, b@elsewhere.test\n", NULL},
    {"a@x.test: nobody@x.test\n",
	":3: warning: there is no mailbox or alias nobody@x.test"},
    {"a@x.test: ann+work@x.test\n", NULL},
    {"a@x.test: nobody+work@x.test\n", "no mailbox or alias nobody+work@x.test"},
    /* there a catch-all takes everything */
    {"a@x.test: nobody@y.test\n", NULL},
    {"a@x.test: b@x.test\nb@x.test: ann@x.test\n", NULL},
    {"a@x.test: b@x.test\nb@x.test: A@X.test\n", "a loop, which leads back to a@x.test"},
    {"a@x.test: b@x.test\nb@x.test: c@x.test\nc@x.test: b@x.test\n",
	"a loop, which leads back to b@x.test"},
    {"a@x.test: b+1@x.test\nb@x.test: a@x.test\n", "a loop"},
    {"a@x.test: q@y.test\n@x.test: ann@x.test\n", NULL},
    /* twice the same place is no loop */
    {"a@x.test: b@x.test, c@x.test\nb@x.test: d@x.test\nc@x.test: d@x.test\n"
     "d@x.test: ann@x.test\n",
	NULL},
    /* a mailbox that keeps a copy */
    {"ann@x.test: ann@x.test, b@elsewhere.test\n", NULL},
};

ATF_TC_WITHOUT_HEAD(what_leads_to_nobody_or_in_a_circle_is_named);
ATF_TC_BODY(what_leads_to_nobody_or_in_a_circle_is_named, tc)
{
	char aliases[500];
	size_t i;

	user_home_make();
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		strcpy(aliases, "postmaster@x.test: ann@x.test\n@y.test: ann@x.test\n");
		user_home_put("users/aliases", strcat(aliases, cases[i].aliases));
		said(check, NULL);
		if (cases[i].said == NULL)
			ATF_CHECK_STREQ("", user_home_text);
		else
			ATF_CHECK_MSG(strstr(user_home_text, cases[i].said) != NULL,
			    "case %zu: %s", i, user_home_text);
	}
}

ATF_TC_WITHOUT_HEAD(of_one_alias_only_its_ways_are_looked_at);
ATF_TC_BODY(of_one_alias_only_its_ways_are_looked_at, tc)
{
	user_home_make();
	user_home_put("users/aliases", "a@x.test: nobody@x.test\nb@x.test: c@x.test\n"
				       "c@x.test: none@x.test\n");
	ATF_CHECK(strstr(said(check, "b@x.test"), "none@x.test") != NULL);
	ATF_CHECK(strstr(user_home_text, "nobody@x.test") == NULL);
	ATF_CHECK(strstr(user_home_text, "postmaster@") == NULL);
	ATF_CHECK_STREQ("", said(check, "ann@x.test"));
}

ATF_TC_WITHOUT_HEAD(a_domain_needs_a_postmaster);
ATF_TC_BODY(a_domain_needs_a_postmaster, tc)
{
	user_home_make();
	ATF_CHECK_STREQ("", said(check, NULL));
	user_home_put("users/aliases", "Postmaster@x.test: ann@x.test\n");
	ATF_CHECK(strstr(said(check, NULL), "control/domains:3: warning") != NULL);
	ATF_CHECK(strstr(user_home_text, "postmaster@y.test\n") != NULL);
	ATF_CHECK(strstr(user_home_text, "postmaster@x.test") == NULL);
}

ATF_TC_WITHOUT_HEAD(the_mailbox_of_a_postmaster_is_known);
ATF_TC_BODY(the_mailbox_of_a_postmaster_is_known, tc)
{
	user_home_make();
	ATF_CHECK_STREQ("postmaster@x.test", said(postmaster, "ann@x.test"));
	ATF_CHECK_STREQ("nobody", said(postmaster, "bob@x.test"));
	user_home_put("users/aliases",
	    "postmaster@x.test: team@x.test\n"
	    "team@x.test: c@elsewhere.test, team@x.test, bob@x.test\n"
	    "@y.test: ann@x.test\n");
	ATF_CHECK_STREQ("postmaster@x.test", said(postmaster, "bob@x.test"));
	ATF_CHECK_STREQ("postmaster@y.test", said(postmaster, "ann@x.test"));
	ATF_CHECK_STREQ("postmaster@x.test", said(postmaster, "postmaster@x.test"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_leads_to_nobody_or_in_a_circle_is_named);
	ATF_TP_ADD_TC(tp, of_one_alias_only_its_ways_are_looked_at);
	ATF_TP_ADD_TC(tp, a_domain_needs_a_postmaster);
	ATF_TP_ADD_TC(tp, the_mailbox_of_a_postmaster_is_known);
	return atf_no_error();
}
