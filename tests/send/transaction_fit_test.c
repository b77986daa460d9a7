#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "send/transaction_fit.h"

#define ASCII "Subject: x\n\nbody\n" /* 20 octets */
#define EIGHT                                                                            \
	"Subject: x\n\nb\xc3\xb6"                                                        \
	"dy\n"
#define UTF8 "Subject: \xc3\xb6\n\nbody\n"

static const struct {
	const char *name, *message;
	struct remote_session session;
	const char *sender;
	int is_smtputf8, requires_tls;
	const char *recipient;   /* beside b@y.test, the first */
	const char *statuses[2]; /* null: it fits */
} cases[] = {
    {"nothing is needed", ASCII, {.size_max = 0}, "a@x.test", 0, 0, "c@y.test",
	{NULL, NULL}},
    {"as large as may be", ASCII, {.has_size = 1, .size_max = 20}, "a@x.test", 0, 0,
	"c@y.test", {NULL, NULL}},
    {"a byte too large", ASCII, {.has_size = 1, .size_max = 19}, "a@x.test", 0, 0,
	"c@y.test", {"5.3.4", "5.3.4"}},
    {"no limit", ASCII, {.has_size = 1}, "a@x.test", 0, 0, "c@y.test", {NULL, NULL}},
    {"eight bits are taken", EIGHT, {.has_8bitmime = 1}, "a@x.test", 0, 0, "c@y.test",
	{NULL, NULL}},
    {"TLS is wanted", ASCII, {.has_requiretls = 1}, "a@x.test", 0, 1, "c@y.test",
	{"5.7.30", "5.7.30"}},
    {"TLS is wanted, and there without the word", ASCII, {.tls = {.is_on = 1}},
	"a@x.test", 0, 1, "c@y.test", {"5.7.30", "5.7.30"}},
    {"TLS is wanted and there", ASCII,
	{.tls = {.is_on = 1, .verified = "dane"}, .has_requiretls = 1}, "a@x.test", 0, 1,
	"c@y.test", {NULL, NULL}},
    {"a header in UTF-8", UTF8, {.size_max = 0}, "a@x.test", 1, 0, "c@y.test",
	{"5.6.7", "5.6.7"}},
    {"a header in UTF-8 that is taken", UTF8, {.has_smtputf8 = 1}, "a@x.test", 1, 0,
	"c@y.test", {NULL, NULL}},
    {"a body in UTF-8 is no reason", EIGHT, {.has_8bitmime = 1}, "a@x.test", 1, 0,
	"c@y.test", {NULL, NULL}},
    {"a sender in UTF-8", ASCII, {.size_max = 0}, "\xc3\xb6@x.test", 1, 0, "c@y.test",
	{"5.6.7", "5.6.7"}},
    {"a sender's domain has an ASCII form", ASCII, {.size_max = 0},
	"a@m\xc3\xbcller.test", 1, 0, "c@y.test", {NULL, NULL}},
    {"one recipient in UTF-8", ASCII, {.size_max = 0}, "a@x.test", 1, 0,
	"\xc3\xb6@y.test", {NULL, "5.6.7"}},
    {"one recipient in UTF-8 that is taken", ASCII, {.has_smtputf8 = 1}, "a@x.test", 1, 0,
	"\xc3\xb6@y.test", {NULL, NULL}},
    {"a recipient's domain has an ASCII form", ASCII, {.size_max = 0}, "a@x.test", 1, 0,
	"c@m\xc3\xbcller.test", {NULL, NULL}},
};

ATF_TC_WITHOUT_HEAD(what_a_server_lacks_is_known_before_it_is_asked);
ATF_TC_BODY(what_a_server_lacks_is_known_before_it_is_asked, tc)
{
	static struct remote_session session;
	size_t i, k;
	int fd;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct transaction_recipient recipients[] = {
		    {.address = "b@y.test"}, {.address = cases[i].recipient}};
		struct transaction_mail mail = {.sender = cases[i].sender,
		    .is_smtputf8 = cases[i].is_smtputf8,
		    .requires_tls = cases[i].requires_tls,
		    .recipients = recipients,
		    .count = 2};

		fd = open("message", O_RDWR | O_CREAT | O_TRUNC, 0600);
		mail.source.length = (off_t)strlen(cases[i].message);
		ATF_REQUIRE_EQ(mail.source.length,
		    write(fd, cases[i].message, (size_t)mail.source.length));
		mail.source.fd = fd;
		session = cases[i].session;
		strcpy(session.peer, "mx.y.test[192.0.2.1]");
		transaction_fit(&session, &mail);
		for (k = 0; k < 2; k++) {
			const struct outcome *o = &recipients[k].outcome;

			if (cases[i].statuses[k] == NULL) {
				ATF_CHECK_EQ_MSG('\0', o->letter, "%s", cases[i].name);
				continue;
			}
			ATF_CHECK_EQ_MSG('D', o->letter, "%s", cases[i].name);
			ATF_CHECK_STREQ_MSG(
			    cases[i].statuses[k], o->status, "%s", cases[i].name);
		}
		close(fd);
	}
}

/* mime-encode converts it: here there is a false one, or none. */
ATF_TC_WITHOUT_HEAD(eight_bits_are_converted_where_they_are_not_taken);
ATF_TC_BODY(eight_bits_are_converted_where_they_are_not_taken, tc)
{
	static struct remote_session session;
	struct transaction_recipient known = {.address = "b@y.test"};
	struct transaction_mail mail = {
	    .sender = "a@x.test", .recipients = &known, .count = 1};
	int fd = open("message", O_RDWR | O_CREAT | O_TRUNC, 0600);

	mail.source.fd = fd;
	mail.source.length = (off_t)strlen(EIGHT);
	ATF_REQUIRE_EQ(mail.source.length, write(fd, EIGHT, strlen(EIGHT)));
	ATF_REQUIRE_EQ(0, setenv("PATH", "missing", 1));
	transaction_fit(&session, &mail);
	ATF_CHECK_EQ('Z', known.outcome.letter);
	ATF_CHECK_EQ(0, mail.is_converted);

	ATF_REQUIRE_EQ(0, setenv("PATH", ".:/usr/bin:/bin", 1));
	ATF_REQUIRE_EQ(0, system("printf '#!/bin/sh\\necho converted\\n' >mime-encode; "
				 "chmod 755 mime-encode"));
	known.outcome.letter = '\0';
	transaction_fit(&session, &mail);
	ATF_CHECK_EQ('\0', known.outcome.letter);
	ATF_CHECK_EQ(1, mail.is_converted);
	ATF_CHECK_EQ(11, mail.form->octets);
	/* the next server may take it as it is */
	session.has_8bitmime = 1;
	transaction_fit(&session, &mail);
	ATF_CHECK(mail.form == &mail.source);
	transaction_fit_end(&mail);
	close(fd);
}

ATF_TC_WITHOUT_HEAD(a_message_that_can_not_be_read_is_no_refusal);
ATF_TC_BODY(a_message_that_can_not_be_read_is_no_refusal, tc)
{
	static struct remote_session session = {.has_size = 1};
	struct transaction_recipient known = {.address = "b@y.test"};
	struct transaction_mail mail = {.source = {.fd = -1, .length = 20},
	    .sender = "a@x.test",
	    .recipients = &known,
	    .count = 1};

	transaction_fit(&session, &mail);
	ATF_CHECK_EQ('Z', known.outcome.letter);
	/* and who has an outcome keeps it */
	outcome_set(&known.outcome, 'K', "2.0.0", "done", (char *)NULL);
	transaction_fit(&session, &mail);
	ATF_CHECK_EQ('K', known.outcome.letter);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_a_server_lacks_is_known_before_it_is_asked);
	ATF_TP_ADD_TC(tp, eight_bits_are_converted_where_they_are_not_taken);
	ATF_TP_ADD_TC(tp, a_message_that_can_not_be_read_is_no_refusal);
	return atf_no_error();
}
