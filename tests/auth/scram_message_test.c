#include <string.h>

#include <atf-c.h>

#include "auth/scram_message.h"

#define PROOF "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

static int
first(struct scram_first *message, const char *s)
{
	return scram_message_first_parse(message, s, strlen(s));
}

ATF_TC_WITHOUT_HEAD(the_first_message_is_taken_apart);
ATF_TC_BODY(the_first_message_is_taken_apart, tc)
{
	struct scram_first m;

	ATF_REQUIRE(first(&m, "n,,n=user,r=abc"));
	ATF_CHECK_EQ('n', m.binding);
	ATF_CHECK_EQ(3, m.header_len);
	ATF_CHECK_STREQ("user", m.name);
	ATF_CHECK_STREQ("", m.authorised);
	ATF_CHECK(m.nonce_len == 3 && memcmp(m.nonce, "abc", 3) == 0);

	ATF_REQUIRE(first(&m, "p=tls-exporter,a=b=3Dc,n=u=2Cv,r=abc,ext=1"));
	ATF_CHECK_EQ('p', m.binding);
	ATF_CHECK(
	    m.binding_type_len == 12 && memcmp(m.binding_type, "tls-exporter", 12) == 0);
	ATF_CHECK_STREQ("b=c", m.authorised);
	ATF_CHECK_STREQ("u,v", m.name);
	ATF_CHECK_EQ(3, m.nonce_len);
	ATF_REQUIRE(first(&m, "y,,n=joe@example.test,r=0"));
	ATF_CHECK_EQ('y', m.binding);
}

ATF_TC_WITHOUT_HEAD(malformed_first_messages_are_refused);
ATF_TC_BODY(malformed_first_messages_are_refused, tc)
{
	static const char *const bad[] = {"", "n", "n,", "n,,", "n,,n=", "n,,n=u",
	    "n,,n=u,", "n,,n=u,r=", "n,,r=abc,n=u", "x,,n=u,r=abc", "n,b=x,n=u,r=abc",
	    "n,a=,n=u,r=abc", "n,,m=ext,n=u,r=abc", "n,,n=u=,r=abc", "n,,n=u=2,r=abc",
	    "n,,n=u=2c,r=abc", "n,,n=u=41,r=abc", "n,,n=u,r=a b", "n,,n=u,r=\xc3\xa4",
	    "nn,,n=u,r=abc", "p=tls-exporter", "p=tls-exporter,", "n n,,n=u,r=abc",
	    "n,,n=,r=abc"};
	struct scram_first m;
	char name[ADDRESS_MAX + 40] = "n,,n=";
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		ATF_CHECK_MSG(!first(&m, bad[i]), "%s", bad[i]);
	memset(name + 5, 'a', ADDRESS_MAX + 1);
	strcpy(name + 5 + ADDRESS_MAX + 1, ",r=abc");
	ATF_CHECK(!first(&m, name));
	ATF_CHECK(first(&m, "n,,n=aaa,r=abc"));
	ATF_CHECK(!scram_message_first_parse(&m, "n,,n=a\0b,r=abc", 14));
}

ATF_TC_WITHOUT_HEAD(the_final_message_is_taken_apart);
ATF_TC_BODY(the_final_message_is_taken_apart, tc)
{
	static const char s[] = "c=biws,r=abcdef,x=y,p=" PROOF;
	struct scram_final m;

	ATF_REQUIRE(scram_message_final_parse(&m, s, strlen(s)));
	ATF_CHECK(m.channel_len == 4 && memcmp(m.channel, "biws", 4) == 0);
	ATF_CHECK(m.nonce_len == 6 && memcmp(m.nonce, "abcdef", 6) == 0);
	ATF_CHECK_EQ(strlen("c=biws,r=abcdef,x=y"), m.unproved_len);
	ATF_CHECK_EQ(0x74, m.proof[0]);
}

ATF_TC_WITHOUT_HEAD(malformed_final_messages_are_refused);
ATF_TC_BODY(malformed_final_messages_are_refused, tc)
{
	static const char *const bad[] = {"", "c=", "c=biws", "c=biws,",
	    "c=biws,r=", "c=biws,r=abc", "c=biws,r=abc,p=", "c=biws,r=abc,p=" PROOF "=",
	    "c=biws,r=abc,p=" PROOF ",", "r=abc,c=biws,p=" PROOF, "c=biws,p=" PROOF,
	    "c=biws,r=abc,P=" PROOF, "c=biws,r=abc,p= " PROOF, "p=" PROOF, PROOF,
	    "c=biws,r=abcp=" PROOF};
	struct scram_final m;
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		ATF_CHECK_MSG(
		    !scram_message_final_parse(&m, bad[i], strlen(bad[i])), "%s", bad[i]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_first_message_is_taken_apart);
	ATF_TP_ADD_TC(tp, malformed_first_messages_are_refused);
	ATF_TP_ADD_TC(tp, the_final_message_is_taken_apart);
	ATF_TP_ADD_TC(tp, malformed_final_messages_are_refused);
	return atf_no_error();
}
