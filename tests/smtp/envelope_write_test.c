#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "smtp/envelope_write.h"

static stralloc envelope;

/* What has been written, with '|' for each \0. */
static const char *
written(void)
{
	static char s[1000];
	size_t i;

	for (i = 0; i < envelope.len; i++)
		s[i] = envelope.s[i] != '\0' ? envelope.s[i] : '|';
	s[i] = '\0';
	return s;
}

static const char *
begun(const char *sender, const struct parameters_mail *m)
{
	envelope.len = 0;
	envelope_write_begin(&envelope, sender, m);
	return written();
}

static const char *
added(const struct parameters_rcpt *r)
{
	envelope.len = 0;
	envelope_write_add(&envelope, "b@y.test", r);
	return written();
}

ATF_TC_WITHOUT_HEAD(what_is_wanted_on_the_way_follows_the_sender);
ATF_TC_BODY(what_is_wanted_on_the_way_follows_the_sender, tc)
{
	unsetenv("AUTHUSER");
	unsetenv("TCPREMOTEIP");
	ATF_CHECK_STREQ("Fa@x.test|", begun("a@x.test", &(struct parameters_mail){0}));
	ATF_CHECK_STREQ("F|", begun("", &(struct parameters_mail){0}));
	ATF_CHECK_STREQ(
	    "Fa@x.test|PBODY=8BITMIME|PSMTPUTF8=1|PRET=HDRS|PENVID=e1|PAUTH=<>|"
	    "PREQUIRETLS=1|",
	    begun("a@x.test", &(struct parameters_mail){.has_size = 1,
				  .size = 1000,
				  .body = "8BITMIME",
				  .is_utf8 = 1,
				  .ret = "HDRS",
				  .envid = "e1 and what follows",
				  .envid_len = 2,
				  .auth = "<> RET",
				  .auth_len = 2,
				  .requires_tls = 1}));
}

/* Bounces of strangers are each client's own: queue-run(8). */
ATF_TC_WITHOUT_HEAD(it_is_known_whose_mail_it_is);
ATF_TC_BODY(it_is_known_whose_mail_it_is, tc)
{
	const struct parameters_mail none = {0};

	unsetenv("AUTHUSER");
	setenv("TCPREMOTEIP", "192.0.2.1", 1);
	ATF_CHECK_STREQ("Fa@x.test|", begun("a@x.test", &none));
	ATF_CHECK_STREQ("F|PCLIENT=192.0.2.1|", begun("", &none));
	setenv("AUTHUSER", "joe@x.test", 1);
	ATF_CHECK_STREQ("Fa@x.test|PAUTHUSER=joe@x.test|", begun("a@x.test", &none));
	ATF_CHECK_STREQ("F|PAUTHUSER=joe@x.test|", begun("", &none));
}

ATF_TC_WITHOUT_HEAD(what_a_recipient_is_told_precedes_him);
ATF_TC_BODY(what_a_recipient_is_told_precedes_him, tc)
{
	ATF_CHECK_STREQ("Tb@y.test|", added(&(struct parameters_rcpt){0}));
	ATF_CHECK_STREQ("NNOTIFY=NEVER|Tb@y.test|",
	    added(&(struct parameters_rcpt){.notify = "NEVER"}));
	ATF_CHECK_STREQ("NNOTIFY=FAILURE,DELAY|NORCPT=rfc822;b@z.test|Tb@y.test|",
	    added(&(struct parameters_rcpt){.notify = "FAILURE,DELAY",
		.orcpt = "rfc822;b@z.test NOTIFY",
		.orcpt_len = strlen("rfc822;b@z.test")}));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_is_wanted_on_the_way_follows_the_sender);
	ATF_TP_ADD_TC(tp, it_is_known_whose_mail_it_is);
	ATF_TP_ADD_TC(tp, what_a_recipient_is_told_precedes_him);
	return atf_no_error();
}
