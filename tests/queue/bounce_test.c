#include <string.h>

#include <atf-c.h>

#include "queue/bounce_words.h"
#include "queue/bounce_write.h"

static void
check_words(const char *text, const char *host, const char *reply)
{
	struct bounce_words words;

	bounce_words_parse(&words, text);
	if (host)
		ATF_CHECK_MSG(words.host && words.host_len == strlen(host) &&
				  memcmp(words.host, host, words.host_len) == 0,
		    "%s", text);
	else
		ATF_CHECK_MSG(!words.host, "%s", text);
	ATF_CHECK_STREQ(reply, words.reply);
}

ATF_TC_WITHOUT_HEAD(a_servers_words_are_told_from_ours);
ATF_TC_BODY(a_servers_words_are_told_from_ours, tc)
{
	check_words("mx.a[192.0.2.1] said: 550 5.1.1 no", "mx.a", "550 5.1.1 no");
	check_words("mx.a[2001:db8::1] said: 550 [x] said: y", "mx.a", "550 [x] said: y");
	check_words(
	    "given up after 7 days: mx.a[192.0.2.1] said: 450 no", "mx.a", "450 no");
	check_words("unable to connect", NULL, "unable to connect");
	check_words("[192.0.2.1] said: 550 no", NULL, "550 no");
	check_words("", NULL, "");
}

ATF_TC_WITHOUT_HEAD(advice_goes_by_the_whole_code);
ATF_TC_BODY(advice_goes_by_the_whole_code, tc)
{
	ATF_CHECK(strstr(bounce_advice("5.1.1"), "such a mailbox does not exist"));
	ATF_CHECK(strstr(bounce_advice("5.1.10"), "no mail at all"));
	ATF_CHECK(strstr(bounce_advice("5.1.20"), "such a mailbox does not exist"));
	ATF_CHECK(strstr(bounce_advice("5.10.1"), "ask our postmaster"));
	ATF_CHECK(strstr(bounce_advice("-"), "ask our postmaster"));
}

ATF_TC_WITHOUT_HEAD(fields_are_folded);
ATF_TC_BODY(fields_are_folded, tc)
{
	stralloc sa = {0};

	bounce_put_field(&sa, "Diagnostic-Code",
	    "smtp; 550 5.7.1 a long explanation of why this message was not taken by the "
	    "server");
	stralloc_0(&sa);
	ATF_CHECK_STREQ("Diagnostic-Code: smtp; 550 5.7.1 a long explanation of why this "
			"message was\n"
			"    not taken by the server\n",
	    sa.s);
	sa.len = 0;
	bounce_put_field(&sa, "A", "one\ntwo\377");
	stralloc_0(&sa);
	ATF_CHECK_STREQ("A: one?two?\n", sa.s);
}

ATF_TC_WITHOUT_HEAD(addresses_that_are_not_ascii_are_written_so);
ATF_TC_BODY(addresses_that_are_not_ascii_are_written_so, tc)
{
	stralloc sa = {0};

	bounce_put_address_field(&sa, "Final-Recipient", "a@b.c");
	stralloc_0(&sa);
	ATF_CHECK_STREQ("Final-Recipient: rfc822; a@b.c\n", sa.s);
	sa.len = 0;
	bounce_put_address_field(&sa, "Final-Recipient", "j\xc3\xb6rg+x@\xe2\x82\xac.eu");
	stralloc_0(&sa);
	ATF_CHECK_STREQ(
	    "Final-Recipient: utf-8; j\\x{F6}rg\\x{2B}x@\\x{20AC}.eu\n", sa.s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, a_servers_words_are_told_from_ours);
	ATF_TP_ADD_TC(tp, advice_goes_by_the_whole_code);
	ATF_TP_ADD_TC(tp, fields_are_folded);
	ATF_TP_ADD_TC(tp, addresses_that_are_not_ascii_are_written_so);
	return atf_no_error();
}
