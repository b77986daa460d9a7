#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "lib/policies.h"
#include "lib/policy_start.h"
#include "lib/text.h"

static struct policies policies;

static void
add(const char *script)
{
	static char command[16][256];

	ATF_REQUIRE(policies.count < 16);
	strcpy(command[policies.count], "./");
	strcat(command[policies.count], script);
	ATF_REQUIRE(policies_add(&policies, command[policies.count], 0));
}

static void
write_script(const char *name, const char *text)
{
	stralloc command = {0};

	text_cat(&command, "printf '%b' '#!/bin/sh\\n", text, "' >", name,
	    " && chmod 755 ", name, (char *)NULL);
	text_terminate(&command);
	ATF_REQUIRE_EQ(0, system(command.s));
	stralloc_free(&command);
}

static char
ask(const char *line)
{
	stralloc request = {0};
	char letter;

	text_cat(&request, line, (char *)NULL);
	letter = policies_ask(&policies, "client", &request);
	stralloc_free(&request);
	text_terminate(&policies.reply);
	return letter;
}

ATF_TC_WITHOUT_HEAD(the_first_refusal_counts);
ATF_TC_BODY(the_first_refusal_counts, tc)
{
	write_script("yes", "while read -r verb rest; do echo \"KX-Seen: $verb\"; done");
	write_script("no",
	    "while read -r verb rest; do case $verb in rcpt) echo D550 5.7.1 no;; "
	    "*) echo K;; esac; done");
	add("yes");
	add("no");
	ATF_CHECK_EQ('K', ask("mail <a@b>"));
	ATF_CHECK_EQ('D', ask("rcpt c@d"));
	ATF_CHECK_STREQ("550 5.7.1 no", policies.reply.s);
	text_terminate(&policies.words.fields);
	ATF_CHECK_STREQ("X-Seen: mail\n", policies.words.fields.s);
	policies_done(&policies, 0, 1, 0);
	policies_end(&policies);
}

ATF_TC_WITHOUT_HEAD(results_are_handed_on);
ATF_TC_BODY(results_are_handed_on, tc)
{
	write_script("tells",
	    "while read -r verb rest; do case $verb in helo) echo Kenv X_HELO=$rest;; "
	    "mail) echo Kenv SPF_RESULT=pass SPF_DOMAIN=a+2Bb Received-SPF: pass;; "
	    "*) echo Kenv X_TO=$rest;; esac; done");
	write_script("refuses",
	    "while read -r verb rest; do case $rest in no@*) echo D550 5.7.1 no;; "
	    "*) echo K;; esac; done");
	add("tells");
	add("refuses");
	ATF_CHECK_EQ('K', ask("mail a@b"));
	ATF_CHECK_EQ('K', ask("rcpt c@d"));
	ATF_CHECK_EQ('D', ask("rcpt no@d"));
	text_terminate(&policies.words.fields);
	ATF_CHECK_STREQ("Received-SPF: pass\n", policies.words.fields.s);
	ATF_REQUIRE_EQ(0, policies_export(&policies));
	ATF_CHECK_STREQ("client", getenv("X_HELO"));
	ATF_CHECK_STREQ("pass", getenv("SPF_RESULT"));
	ATF_CHECK_STREQ("a+b", getenv("SPF_DOMAIN"));
	ATF_CHECK_STREQ("c@d", getenv("X_TO"));
	ATF_REQUIRE_EQ(0, policies_withdraw(&policies));
	ATF_CHECK(getenv("X_HELO") == NULL && getenv("SPF_RESULT") == NULL);
	/* those of a transaction end with it, those of helo go on */
	policies_done(&policies, 1, 1, 1);
	ATF_REQUIRE_EQ(0, policies_export(&policies));
	ATF_CHECK_STREQ("client", getenv("X_HELO"));
	ATF_CHECK(getenv("SPF_RESULT") == NULL);
	policies_end(&policies);
}

ATF_TC_WITHOUT_HEAD(one_that_fails_is_not_now);
ATF_TC_BODY(one_that_fails_is_not_now, tc)
{
	struct policy missing = {.argv = {"./missing"}};

	ATF_CHECK_EQ(-1, policy_start(&missing));
	free(missing.answers);
	write_script("dies", "read -r line; exit 0");
	add("dies");
	ATF_CHECK_EQ('Z', ask("mail <a@b>"));
	ATF_CHECK_EQ('Z', ask("rcpt c@d"));
	policies_end(&policies);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_first_refusal_counts);
	ATF_TP_ADD_TC(tp, results_are_handed_on);
	ATF_TP_ADD_TC(tp, one_that_fails_is_not_now);
	return atf_no_error();
}
