#include <string.h>

#include <atf-c.h>

#include "lib/received.h"
#include "lib/text.h"

/* The field up to its date, for a client that says helo, over TLS or not. */
static const char *
field_over(const char *tls, const char *cipher, const char *helo, const char *host,
    const char *ip, const char *recipient)
{
	static stralloc sa;
	char *date;

	sa.len = 0;
	received_put(&sa, &(struct received){.helo = helo,
			      .host = host,
			      .ip = ip,
			      .me = "mx.test",
			      .protocol = "ESMTP",
			      .tls = tls,
			      .cipher = cipher,
			      .id = "ID",
			      .recipient = recipient,
			      .time = 0});
	text_terminate(&sa);
	date = strstr(sa.s, "; Thu, 01 Jan 1970 00:00:00 +0000\n");
	ATF_REQUIRE(date);
	*date = '\0';
	return sa.s;
}

static const char *
field(const char *helo, const char *host, const char *ip, const char *recipient)
{
	return field_over(NULL, NULL, helo, host, ip, recipient);
}

ATF_TC_WITHOUT_HEAD(tells_of_tls);
ATF_TC_BODY(tells_of_tls, tc)
{
	ATF_CHECK_STREQ("Received: from a.test (unknown)\n"
			"\tby mx.test with ESMTP (TLSv1.3) id ID\n\tfor <c@d>\n\ttls "
			"TLS_AES_256_GCM_SHA384",
	    field_over("TLSv1.3", "TLS_AES_256_GCM_SHA384", "a.test", NULL, NULL, "c@d"));
	ATF_CHECK_STREQ("Received: from a.test (unknown)\n"
			"\tby mx.test with ESMTP (TLS?1?) id ID\n\ttls x?y",
	    field_over("TLS(1)", "x;y", "a.test", NULL, NULL, NULL));
}

ATF_TC_WITHOUT_HEAD(tells_who_when_and_how);
ATF_TC_BODY(tells_who_when_and_how, tc)
{
	ATF_CHECK_STREQ("Received: from a.test (b.test [192.0.2.1])\n"
			"\tby mx.test with ESMTP id ID\n\tfor <c@d>",
	    field("a.test", "b.test", "192.0.2.1", "c@d"));
	ATF_CHECK_STREQ("Received: from [192.0.2.9] ([IPv6:2001:db8::1])\n"
			"\tby mx.test with ESMTP id ID",
	    field("[192.0.2.9]", NULL, "2001:db8::1", NULL));
	ATF_CHECK_STREQ("Received: from a.test (unknown)\n"
			"\tby mx.test with ESMTP id ID",
	    field("a.test", NULL, NULL, NULL));
}

ATF_TC_WITHOUT_HEAD(a_strange_name_can_not_break_out);
ATF_TC_BODY(a_strange_name_can_not_break_out, tc)
{
	ATF_CHECK_STREQ("Received: from unknown (HELO a_b????y [192.0.2.1])\n"
			"\tby mx.test with ESMTP id ID",
	    field("a_b)\\;\ny", NULL, "192.0.2.1", NULL));
	ATF_CHECK_STREQ("Received: from unknown (HELO ?)\n"
			"\tby mx.test with ESMTP id ID",
	    field("(", NULL, NULL, NULL));
	ATF_CHECK_STREQ("Received: from a.test (x?y? [1?])\n"
			"\tby mx.test with ESMTP id ID",
	    field("a.test", "x\ny(", "1\n", NULL));
}

ATF_TC_WITHOUT_HEAD(tells_of_a_user_of_this_machine);
ATF_TC_BODY(tells_of_a_user_of_this_machine, tc)
{
	stralloc sa = {0};

	received_put(&sa, &(struct received){.me = "mx.test",
			      .user = "a)b",
			      .uid = "1000",
			      .protocol = "ESMTPA",
			      .id = "ID",
			      .time = 0});
	text_terminate(&sa);
	ATF_CHECK_STREQ("Received: by mx.test (from user a?b, uid 1000) with ESMTPA id "
			"ID; Thu, 01 Jan 1970 00:00:00 +0000\n",
	    sa.s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, tells_of_tls);
	ATF_TP_ADD_TC(tp, tells_of_a_user_of_this_machine);
	ATF_TP_ADD_TC(tp, tells_who_when_and_how);
	ATF_TP_ADD_TC(tp, a_strange_name_can_not_break_out);
	return atf_no_error();
}
