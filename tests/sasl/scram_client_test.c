#include <string.h>

#include <atf-c.h>

#include "lib/text.h"
#include "sasl/scram_client.h"

#define NONCE "rOprNGfwEbeRWgbNEkqO"
#define BOTH NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"

static struct scram_client client;
static stralloc out;

static const char *
said(void)
{
	text_terminate(&out);
	return out.s;
}

static void
begin(const unsigned char *binding, int is_able)
{
	out.len = 0;
	scram_client_first(&client, "user", NONCE, binding, 32, is_able, &out);
}

static const char *
answer(const char *challenge)
{
	out.len = 0;
	return scram_client_second(&client, "pencil", challenge, strlen(challenge), &out);
}

static const char *
none(const char *why)
{
	return why != NULL ? why : "";
}

static int
is_proven(const char *s)
{
	return scram_client_is_proven(&client, s, strlen(s));
}

/* RFC 7677, 3 */
ATF_TC_WITHOUT_HEAD(the_example_of_the_rfc_is_spoken);
ATF_TC_BODY(the_example_of_the_rfc_is_spoken, tc)
{
	begin(NULL, 0);
	ATF_CHECK_STREQ("n,,n=user,r=" NONCE, said());
	ATF_CHECK_STREQ("", none(answer("r=" BOTH ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")));
	ATF_CHECK_STREQ(
	    "c=biws,r=" BOTH ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", said());
	ATF_CHECK(is_proven("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
	ATF_CHECK(is_proven("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,x=y"));
	ATF_CHECK(!is_proven("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G0="));
	ATF_CHECK(!is_proven("v="));
	ATF_CHECK(!is_proven("e=other-error"));
	ATF_CHECK(!is_proven(""));
}

ATF_TC_WITHOUT_HEAD(what_binds_the_channel_is_said);
ATF_TC_BODY(what_binds_the_channel_is_said, tc)
{
	unsigned char binding[32];

	memset(binding, 'x', sizeof(binding));
	begin(binding, 1);
	ATF_CHECK_STREQ("p=tls-exporter,,n=user,r=" NONCE, said());
	ATF_CHECK_STREQ("", none(answer("r=" BOTH ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")));
	/* "p=tls-exporter,," and the 32 bytes in base64 */
	ATF_CHECK_MSG(
	    strncmp(said(),
		"c=cD10bHMtZXhwb3J0ZXIsLHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4"
		",r=" BOTH ",p=",
		66 + 3 + strlen(BOTH) + 3) == 0,
	    "%s", said());
	begin(NULL, 1);
	ATF_CHECK_STREQ("y,,n=user,r=" NONCE, said());
}

ATF_TC_WITHOUT_HEAD(a_name_is_written_so_that_it_ends);
ATF_TC_BODY(a_name_is_written_so_that_it_ends, tc)
{
	out.len = 0;
	scram_client_first(&client, "a=b,c", NONCE, NULL, 0, 0, &out);
	ATF_CHECK_STREQ("n,,n=a=3Db=2Cc,r=" NONCE, said());
}

ATF_TC_WITHOUT_HEAD(a_challenge_that_makes_no_sense_is_not_answered);
ATF_TC_BODY(a_challenge_that_makes_no_sense_is_not_answered, tc)
{
	static const char *const bad[] = {"", "r=", "r=" NONCE ",s=AAAA,i=4096",
	    "r=other%hvYDpWUa2RaTCAfuxFIlj,s=AAAA,i=4096", "m=x,r=" BOTH ",s=AAAA,i=4096",
	    "r=" BOTH, "r=" BOTH ",s=,i=4096", "r=" BOTH ",s=AAA,i=4096",
	    "r=" BOTH ",s=AAAA", "r=" BOTH ",s=AAAA,i=", "r=" BOTH ",s=AAAA,i=4095",
	    "r=" BOTH ",s=AAAA,i=99999999", "r=" BOTH ",s=AAAA,i=x"};
	char salt[400] = "r=" BOTH ",s=";
	size_t i;

	begin(NULL, 0);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ATF_CHECK_MSG(answer(bad[i]) != NULL, "%s", bad[i]);
	memset(salt + strlen(salt), 'A', 200);
	strcat(salt, ",i=4096");
	ATF_CHECK(answer(salt) != NULL);
	ATF_CHECK_STREQ("", none(answer("r=" BOTH ",s=AAAA,i=4096,x=y")));
	scram_client_forget(&client);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_example_of_the_rfc_is_spoken);
	ATF_TP_ADD_TC(tp, what_binds_the_channel_is_said);
	ATF_TP_ADD_TC(tp, a_name_is_written_so_that_it_ends);
	ATF_TP_ADD_TC(tp, a_challenge_that_makes_no_sense_is_not_answered);
	return atf_no_error();
}
