#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "sasl/sasl_client.h"

static const unsigned char binding[32];
static struct sasl_client_account account = {
    .user = "us,er", .secret = "secret", .host = "mx.test", .port = 587};
static struct sasl_client client;
static stralloc out;

static const char *
choose(const char *offered)
{
	const char *name = sasl_client_choose(&client, &account, offered);

	return name != NULL ? name : "none";
}

/* Begin with the mechanism: what is said, \0 and \1 written as | and ^. */
static const char *
begun(const char *offered)
{
	size_t i;

	client.tried = 0;
	choose(offered);
	out.len = 0;
	sasl_client_begin(&client, &out);
	for (i = 0; i < out.len; i++)
		if (out.s[i] < 2)
			out.s[i] = out.s[i] ? '^' : '|';
	text_terminate(&out);
	return out.s;
}

static const char *
answered(const char *challenge)
{
	const char *why;

	out.len = 0;
	why = sasl_client_answer(&client, challenge, strlen(challenge), &out);
	text_terminate(&out);
	return why != NULL ? "no" : out.s;
}

ATF_TC_WITHOUT_HEAD(the_best_is_chosen_first);
ATF_TC_BODY(the_best_is_chosen_first, tc)
{
	static const char all[] =
	    " CRAM-MD5 XOAUTH2 LOGIN plain OAUTHBEARER SCRAM-SHA-256 SCRAM-SHA-256-PLUS";

	ATF_CHECK_STREQ("SCRAM-SHA-256", choose(all));
	ATF_CHECK_STREQ("PLAIN", choose(all));
	ATF_CHECK_STREQ("LOGIN", choose(all));
	ATF_CHECK_STREQ("none", choose(all));
	client.tried = 0;
	account.binding = binding;
	ATF_CHECK_STREQ("SCRAM-SHA-256-PLUS", choose(all));
	ATF_CHECK_STREQ("SCRAM-SHA-256", choose(all));
	account.binding = NULL;
	client.tried = 0;
	account.is_token = 1;
	ATF_CHECK_STREQ("OAUTHBEARER", choose(all));
	ATF_CHECK_STREQ("XOAUTH2", choose(all));
	ATF_CHECK_STREQ("none", choose(all));
	account.is_token = 0;
	client.tried = 0;
	ATF_CHECK_STREQ("none", choose(" PLAINS XPLAIN SCRAM-SHA-1"));
	ATF_CHECK_STREQ("none", choose(""));
}

ATF_TC_WITHOUT_HEAD(passwords_are_said);
ATF_TC_BODY(passwords_are_said, tc)
{
	ATF_CHECK_STREQ("|us,er|secret", begun(" PLAIN"));
	ATF_CHECK(client.is_proven);
	ATF_CHECK_STREQ("no", answered("what?"));
	ATF_CHECK_STREQ("", begun(" LOGIN"));
	ATF_CHECK_STREQ("us,er", answered("Username:"));
	ATF_CHECK_STREQ("secret", answered("Password:"));
	ATF_CHECK_STREQ("no", answered("and?"));
}

ATF_TC_WITHOUT_HEAD(tokens_are_said);
ATF_TC_BODY(tokens_are_said, tc)
{
	account.is_token = 1;
	ATF_CHECK_STREQ("n,a=us=2Cer,^host=mx.test^port=587^auth=Bearer secret^^",
	    begun(" OAUTHBEARER"));
	ATF_CHECK_STREQ("\1", answered("{\"status\":\"invalid_token\"}"));
	ATF_CHECK_STREQ("no", answered("again"));
	ATF_CHECK_STREQ("user=us,er^auth=Bearer secret^^", begun(" XOAUTH2"));
	ATF_CHECK_STREQ("", answered("{\"status\":\"400\"}"));
	account.is_token = 0;
}

ATF_TC_WITHOUT_HEAD(a_server_that_proves_nothing_is_not_believed);
ATF_TC_BODY(a_server_that_proves_nothing_is_not_believed, tc)
{
	const char *first = begun(" SCRAM-SHA-256");
	char nonce[100], challenge[200];

	ATF_REQUIRE(strncmp(first, "n,,n=us=2Cer,r=", 15) == 0);
	strcpy(nonce, first + 15);
	ATF_CHECK_EQ(24, strlen(nonce));
	ATF_CHECK(!client.is_proven);
	snprintf(challenge, sizeof challenge, "r=%sx,s=AAAA,i=4096", nonce);
	ATF_CHECK(strncmp(answered(challenge), "c=biws,r=", 9) == 0);
	ATF_CHECK(!client.is_proven);
	ATF_CHECK_STREQ("no", answered("v=AAAA"));
	ATF_CHECK(!client.is_proven);
	/* the next time it is another one */
	ATF_CHECK(strcmp(nonce, begun(" SCRAM-SHA-256") + 15) != 0);
	sasl_client_forget(&client);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_best_is_chosen_first);
	ATF_TP_ADD_TC(tp, passwords_are_said);
	ATF_TP_ADD_TC(tp, tokens_are_said);
	ATF_TP_ADD_TC(tp, a_server_that_proves_nothing_is_not_believed);
	return atf_no_error();
}
