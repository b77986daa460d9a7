#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "dkim/verify.h"
#include "lib/text.h"

/* RFC 6376, appendix A: a message, without its signature and as it was signed, and the
 * key */
#define FIELDS                                                                           \
	"From: Joe SixPack <joe@football.example.com>\n"                                 \
	"To: Suzie Q <suzie@shopping.example.net>\n"                                     \
	"Subject: Is dinner ready?\n"                                                    \
	"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\n"                                  \
	"Message-ID: <20030712040037.46341.5F8J@football.example.com>\n"
#define BODY "Hi.\n\nWe lost the game. Are you hungry yet?\n\nJoe.\n"
#define SIMPLE                                                                           \
	"DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\n"                \
	"      c=simple/simple; q=dns/txt; i=joe@football.example.com;\n"                \
	"      h=Received : From : To : Subject : Date : Message-ID;\n"                  \
	"      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"                       \
	"      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\n"                 \
	"      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\n"                   \
	"      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\n"                   \
	"      4bmp/YzhwvcubU4=;\n"
#define RECEIVED                                                                         \
	"Received: from client1.football.example.com  [192.0.2.1]\n"                     \
	"      by submitserver.example.com with SUBMISSION;\n"                           \
	"      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\n"
#define KEY                                                                              \
	"v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ"                              \
	"DwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"                                     \
	"IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7"                                     \
	"od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfV"                                     \
	"jH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYck"                                     \
	"cQ2QIDAQAB"

/* RFC 8463, appendix A */
#define ED25519                                                                          \
	"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\n"                    \
	" d=football.example.com; i=@football.example.com;\n"                            \
	" q=dns/txt; s=brisbane; t=1528637909; h=from : to :\n"                          \
	" subject : date : message-id : from : subject : date;\n"                        \
	" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"                            \
	" b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\n"                  \
	" Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\n"
#define RSA                                                                              \
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\n"                        \
	" d=football.example.com; i=@football.example.com;\n"                            \
	" q=dns/txt; s=test; t=1528637909; h=from : to : subject :\n"                    \
	" date : message-id : from : subject : date;\n"                                  \
	" bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"                            \
	" b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\n"                  \
	" DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\n"                  \
	" dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\n"
#define ED25519_KEY "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define RSA_KEY                                                                          \
	"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"           \
	"iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"          \
	"DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"          \
	"Ip3G+2kryOTIKT+l/K4w3QIDAQAB"

static const char *const dns[][2] = {
    {"brisbane._domainkey.example.com", KEY},
    {"brisbane._domainkey.football.example.com", ED25519_KEY},
    {"test._domainkey.football.example.com", RSA_KEY},
    {"testing._domainkey.football.example.com", "t=y;" RSA_KEY},
};

static struct verify message;

/*
 * Verify s, which comes in pieces of step bytes; the DNS has what stands above, or
 * only record.  Returns the verdicts, a word each.
 */
static const char *
judge_at(const char *s, size_t step, const char *record, time_t now)
{
	static stralloc said;
	char name[VERIFY_QUESTION_MAX];
	size_t len = strlen(s), n, i, known;

	verify_free(&message);
	for (; len > 0; s += n, len -= n) {
		n = len < step ? len : step;
		verify_feed(&message, s, n);
	}
	verify_end(&message, now);
	said.len = 0;
	for (i = 0; i < message.count; i++) {
		if (verify_question(&message, i, name) && record != NULL)
			verify_answer(&message, i, record, strlen(record));
		for (known = 0; record == NULL && known < sizeof dns / sizeof *dns;
		     known++)
			if (verify_question(&message, i, name) &&
			    strcmp(name, dns[known][0]) == 0)
				verify_answer(
				    &message, i, dns[known][1], strlen(dns[known][1]));
		verify_lacks(&message, i, VERIFY_NO_RECORD);
	}
	verify_conclude(&message);
	for (i = 0; i < message.count; i++)
		text_cat(&said, i > 0 ? " " : "", verify_word(message.results[i].verdict),
		    (char *)NULL);
	text_terminate(&said);
	return said.s;
}

static const char *
judge(const char *s)
{
	return judge_at(s, 1000, NULL, 1528637910);
}

ATF_TC_WITHOUT_HEAD(the_example_of_rfc_6376);
ATF_TC_BODY(the_example_of_rfc_6376, tc)
{
	ATF_CHECK_STREQ("pass", judge(SIMPLE RECEIVED FIELDS "\n" BODY));
	ATF_CHECK_STREQ("example.com", message.results[0].signature.domain);
	ATF_CHECK_STREQ(
	    "joe@football.example.com", message.results[0].signature.identity);
	ATF_CHECK_EQ(1024, message.results[0].bits);
	ATF_CHECK_EQ(NULL, message.results[0].reason);
}

ATF_TC_WITHOUT_HEAD(the_examples_of_rfc_8463);
ATF_TC_BODY(the_examples_of_rfc_8463, tc)
{
	ATF_CHECK_STREQ("pass pass", judge(ED25519 RSA FIELDS "\n" BODY));
	ATF_CHECK_EQ(256, message.results[0].bits);
	ATF_CHECK_EQ(SIGNATURE_ED25519_SHA256, message.results[0].signature.algorithm);
}

ATF_TC_WITHOUT_HEAD(line_ends_and_pieces_do_not_matter);
ATF_TC_BODY(line_ends_and_pieces_do_not_matter, tc)
{
	const char *s = SIMPLE RSA RECEIVED FIELDS "\n" BODY;
	stralloc crlf = {0};
	size_t step;

	for (step = 1; step < 40; step += 3)
		ATF_CHECK_STREQ("pass pass", judge_at(s, step, NULL, 0));
	for (; *s; s++)
		text_cat(&crlf, *s == '\n' ? "\r\n" : (char[]){*s, '\0'}, (char *)NULL);
	text_terminate(&crlf);
	for (step = 1; step < 40; step += 3)
		ATF_CHECK_STREQ("pass pass", judge_at(crlf.s, step, NULL, 0));
	stralloc_free(&crlf);
}

ATF_TC_WITHOUT_HEAD(changes_are_seen);
ATF_TC_BODY(changes_are_seen, tc)
{
	/* a blank more, which relaxed forms don't see */
	ATF_CHECK_STREQ("fail pass", judge(SIMPLE RSA RECEIVED FIELDS
					 "\nHi.  \n\nWe lost the game.  Are you hungry "
					 "yet?\n\nJoe.\n\n\n"));
	ATF_CHECK_STREQ("the body is not what was signed", message.results[0].reason);
	ATF_CHECK_STREQ("fail fail", judge(SIMPLE RSA RECEIVED FIELDS "\n" BODY "x\n"));
	ATF_CHECK_STREQ("fail fail", judge(SIMPLE RSA RECEIVED FIELDS "\n\n" BODY));
	/* another From above, which the second has signed as not there */
	ATF_CHECK_STREQ(
	    "pass fail", judge(SIMPLE RSA RECEIVED "From: a@b\n" FIELDS "\n" BODY));
	ATF_CHECK_STREQ("the signature does not match", message.results[1].reason);
	ATF_CHECK_STREQ(
	    "fail fail", judge(SIMPLE RSA RECEIVED FIELDS "From: a@b\n\n" BODY));
	/* a name in another case */
	ATF_CHECK_STREQ("fail", judge(SIMPLE RECEIVED "from: Joe\n" FIELDS "\n"));
	/* one that only the first has signed */
	ATF_CHECK_STREQ("fail pass", judge(SIMPLE RSA FIELDS "\n" BODY));
	/* a signature of others above or below it */
	ATF_CHECK_STREQ("neutral pass",
	    judge("DKIM-Signature: x\n" SIMPLE RECEIVED FIELDS "\n" BODY));
	ATF_CHECK_STREQ(
	    "pass neutral", judge(SIMPLE RECEIVED FIELDS "DKIM-Signature: x\n\n" BODY));
	ATF_CHECK_STREQ("malformed list of tags", message.results[1].reason);
}

ATF_TC_WITHOUT_HEAD(headers_may_end_anyhow);
ATF_TC_BODY(headers_may_end_anyhow, tc)
{
	ATF_CHECK_STREQ("", judge(""));
	ATF_CHECK_STREQ("", judge("\n"));
	ATF_CHECK_STREQ("", judge("\n" SIMPLE));
	ATF_CHECK_STREQ("", judge("nonsense\n: x\n y"));
	ATF_CHECK_STREQ("fail", judge(SIMPLE FIELDS));
	ATF_CHECK_STREQ("neutral", judge("DKIM-Signature:"));
	ATF_CHECK_STREQ("neutral", judge("DKIM-Signature:\n v=1; a=b"));
}

ATF_TC_WITHOUT_HEAD(keys_that_do_not_count);
ATF_TC_BODY(keys_that_do_not_count, tc)
{
	/* openssl genrsa 512 */
	static const char *const cases[][2] = {
	    {"v=DKIM1; p=", "the key is revoked"},
	    {"v=DKIM1; p=AAEC", "the key is malformed"},
	    {"v=DKIM1; t=s; " RSA_KEY, "the key record is malformed"},
	    {ED25519_KEY, "the key is not for a="},
	    {"p="
	     "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMC5ulMVsripu2TFn8/4xgG8e+qjNWBISemR"
	     "lbGe5F08U89WG0wypBIYYuCH/WlHWvc5u7LoJEDvfKQXPCDSWwECAwEAAQ==",
		"the key is too short"},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ATF_CHECK_STREQ(
		    "permerror", judge_at(RSA FIELDS "\n" BODY, 99, cases[i][0], 0));
		ATF_CHECK_STREQ(cases[i][1], message.results[0].reason);
	}
	ATF_CHECK_STREQ("permerror", judge_at(ED25519 FIELDS "\n" BODY, 99, RSA_KEY, 0));
	/* strict, and i= is below d= */
	ATF_CHECK_STREQ(
	    "permerror", judge_at(SIMPLE RECEIVED FIELDS "\n" BODY, 99, KEY "; t=s", 0));
	ATF_CHECK_STREQ("the key is not for i=", message.results[0].reason);
	ATF_CHECK_STREQ("pass", judge_at(RSA FIELDS "\n" BODY, 99, RSA_KEY "; t=s:y", 0));
	ATF_CHECK(message.results[0].is_testing);
}

ATF_TC_WITHOUT_HEAD(the_first_record_that_is_a_key_counts);
ATF_TC_BODY(the_first_record_that_is_a_key_counts, tc)
{
	const char *s = RSA FIELDS "\n" BODY;
	char name[VERIFY_QUESTION_MAX];

	verify_free(&message);
	verify_feed(&message, s, strlen(s));
	ATF_REQUIRE_EQ(1, message.count);
	ATF_CHECK(verify_question(&message, 0, name));
	ATF_CHECK_STREQ("test._domainkey.football.example.com", name);
	/* answers may come before the body has */
	verify_answer(&message, 0, "v=spf1 -all", 11);
	verify_answer(&message, 0, RSA_KEY, strlen(RSA_KEY));
	verify_answer(&message, 0, "p=", 2);
	verify_lacks(&message, 0, VERIFY_NO_RECORD);
	verify_end(&message, 0);
	verify_conclude(&message);
	ATF_CHECK_EQ(VERIFY_PASS, message.results[0].verdict);
}

ATF_TC_WITHOUT_HEAD(without_an_answer_it_is_not_known);
ATF_TC_BODY(without_an_answer_it_is_not_known, tc)
{
	const char *s = RSA FIELDS "\n" BODY;
	enum verify_verdict wanted[] = {
	    VERIFY_PERMERROR, VERIFY_TEMPERROR, VERIFY_TEMPERROR};
	int i;

	for (i = 0; i < 3; i++) {
		verify_free(&message);
		verify_feed(&message, s, strlen(s));
		verify_end(&message, 0);
		if (i < 2)
			verify_lacks(&message, 0, (enum verify_lack)i);
		verify_conclude(&message);
		ATF_CHECK_EQ(wanted[i], message.results[0].verdict);
	}
	/* a body that has been changed needs no key */
	ATF_CHECK_STREQ("fail", judge_at(RSA FIELDS "\n", 99, "p=", 0));
}

ATF_TC_WITHOUT_HEAD(sha1_is_not_accepted);
ATF_TC_BODY(sha1_is_not_accepted, tc)
{
	ATF_CHECK_STREQ("permerror", judge("DKIM-Signature: v=1; a=rsa-sha1; "
					   "d=example.com; s=brisbane; h=From; bh=AAAA; "
					   "b=AAAA\n" FIELDS "\n" BODY));
	ATF_CHECK_STREQ("rsa-sha1 is not accepted", message.results[0].reason);
}

ATF_TC_WITHOUT_HEAD(expired_ones_fail);
ATF_TC_BODY(expired_ones_fail, tc)
{
	const char *s =
	    "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=brisbane; h=From; "
	    "x=1000; "
	    "bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=AAAA\n" FIELDS "\n" BODY;

	ATF_CHECK_STREQ("fail", judge_at(s, 99, NULL, 1001));
	ATF_CHECK_STREQ("the signature has expired", message.results[0].reason);
	ATF_CHECK_STREQ("fail", judge_at(s, 99, NULL, 1000));
	ATF_CHECK_STREQ("the signature does not match", message.results[0].reason);
}

ATF_TC_WITHOUT_HEAD(what_l_leaves_out_is_told);
ATF_TC_BODY(what_l_leaves_out_is_told, tc)
{
#define LIMITED(l)                                                                       \
	"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=brisbane; h=From; l=" l     \
	"; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=AAAA\n" FIELDS "\n" BODY
	judge(LIMITED("54") "more\n");
	ATF_CHECK_STREQ("the signature does not match", message.results[0].reason);
	ATF_CHECK(verify_is_partial(&message.results[0]));
	judge(LIMITED("54"));
	ATF_CHECK_STREQ("the signature does not match", message.results[0].reason);
	ATF_CHECK(!verify_is_partial(&message.results[0]));
	judge(LIMITED("55"));
	ATF_CHECK_STREQ("the body is shorter than l=", message.results[0].reason);
	judge(LIMITED("99999999999999999999999999999999"));
	ATF_CHECK_STREQ("the body is shorter than l=", message.results[0].reason);
	judge(LIMITED("53"));
	ATF_CHECK_STREQ("the body is not what was signed", message.results[0].reason);
}

ATF_TC_WITHOUT_HEAD(the_first_ten_are_looked_at);
ATF_TC_BODY(the_first_ten_are_looked_at, tc)
{
	stralloc s = {0};
	int i;

	text_cat(&s, RSA "Other: x\n", (char *)NULL);
	for (i = 0; i < 8; i++)
		text_cat(&s, "dkim-signature : x\n", (char *)NULL);
	text_cat(&s, ED25519 RSA RSA FIELDS "\n" BODY, (char *)NULL);
	text_terminate(&s);
	ATF_CHECK_STREQ(
	    "pass neutral neutral neutral neutral neutral neutral neutral neutral pass",
	    judge(s.s));
	ATF_CHECK_EQ(2, message.beyond);
	stralloc_free(&s);
}

ATF_TC_WITHOUT_HEAD(headers_that_are_too_large_end_too);
ATF_TC_BODY(headers_that_are_too_large_end_too, tc)
{
	stralloc s = {0};
	int i;

	text_cat(&s, RSA, (char *)NULL);
	for (i = 0; i < FIELDS_MAX; i++)
		text_cat(&s, "a:\n b\n", (char *)NULL);
	text_cat(&s, FIELDS "\n" BODY, (char *)NULL);
	text_terminate(&s);
	ATF_CHECK_STREQ("permerror", judge(s.s));
	ATF_CHECK_STREQ("the header is too large", message.results[0].reason);
	s.len = 0;
	text_cat(&s, RSA "a: ", (char *)NULL);
	for (i = 0; i < FIELDS_OCTETS_MAX / 32; i++)
		text_cat(&s, "0123456789abcdef 0123456789abcd ", (char *)NULL);
	text_cat(&s, FIELDS "\r\n" BODY, (char *)NULL);
	text_terminate(&s);
	ATF_CHECK_STREQ("permerror", judge(s.s));
	ATF_CHECK(message.fields.text.len < FIELDS_OCTETS_MAX);
	stralloc_free(&s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, the_example_of_rfc_6376);
	ATF_TP_ADD_TC(tp, the_examples_of_rfc_8463);
	ATF_TP_ADD_TC(tp, line_ends_and_pieces_do_not_matter);
	ATF_TP_ADD_TC(tp, changes_are_seen);
	ATF_TP_ADD_TC(tp, headers_may_end_anyhow);
	ATF_TP_ADD_TC(tp, keys_that_do_not_count);
	ATF_TP_ADD_TC(tp, the_first_record_that_is_a_key_counts);
	ATF_TP_ADD_TC(tp, without_an_answer_it_is_not_known);
	ATF_TP_ADD_TC(tp, sha1_is_not_accepted);
	ATF_TP_ADD_TC(tp, expired_ones_fail);
	ATF_TP_ADD_TC(tp, what_l_leaves_out_is_told);
	ATF_TP_ADD_TC(tp, the_first_ten_are_looked_at);
	ATF_TP_ADD_TC(tp, headers_that_are_too_large_end_too);
	return atf_no_error();
}
