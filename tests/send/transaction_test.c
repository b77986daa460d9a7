#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atf-c.h>

#include "lib/deadline.h"
#include "send/transaction_data.h"

#define MESSAGE "Subject: x\n\n.dot\n"
#define SENT "Subject: x\r\n\r\n..dot\r\n.\r\n"
#define MAIL "MAIL FROM:<a@x.test>\r\n"
#define RCPT_B "RCPT TO:<b@y.test>\r\n"
#define RCPT_C "RCPT TO:<c@y.test>\r\n"
#define DATA "DATA\r\n"

static struct remote_session session = {.transport.fd = -1};
static pid_t server;
static int pause_milliseconds;

/* Note what follows BDAT. */
static void
take_chunk(FILE *in, FILE *said, const char *line)
{
	size_t n;

	if (sscanf(line, "BDAT %zu", &n) == 1)
		while (n-- > 0)
			fputc(fgetc(in), said);
}

/*
 * A server that has a reply for each command and each message, and more lines, after &,
 * where LMTP has; when they are used up it hangs up (ended), or says nothing more.  Where
 * the more is nothing it hangs up at once.  What it hears is in the file said.
 */
static void
serve(int fd, const char *replies, int ended)
{
	FILE *in = fdopen(fd, "r"), *said = fopen("said", "w");
	char line[1000];
	int in_data = 0;
	size_t len;

	while (fgets(line, sizeof(line), in) != NULL) {
		fputs(line, said);
		take_chunk(in, said, line);
		if (in_data && strcmp(line, ".\r\n") != 0)
			continue;
		if (*replies == '\0' && ended)
			break;
		poll(NULL, 0, pause_milliseconds);
		len = strcspn(replies, "\n");
		len += replies[len] == '\n';
		in_data = strncmp(replies, "354", 3) == 0;
		if (write(fd, replies, len) == -1)
			break;
		replies += len;
		for (; *replies == '&'; replies += len + 1) {
			len = strcspn(replies, "\n");
			if (len == 1 || write(fd, replies + 1, len) == -1)
				break;
		}
		if (strcmp(replies, "&\n") == 0)
			break;
	}
	fclose(said);
	_exit(0);
}

static void
begin(const char *replies, int ended)
{
	int ends[2];

	ATF_REQUIRE_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	server = fork();
	if (server == 0) {
		close(ends[0]);
		serve(ends[1], replies, ended);
	}
	close(ends[1]);
	memset(&session, 0, sizeof(session));
	ATF_REQUIRE_EQ(0, fcntl(ends[0], F_SETFL, O_NONBLOCK));
	session.transport.fd = ends[0];
	session.seconds_max = 60;
	strcpy(session.host, "mx.y.test");
	strcpy(session.ip, "192.0.2.1");
	strcpy(session.peer, "mx.y.test[192.0.2.1]");
}

/* Hang up; what the server has heard. */
static const char *
heard(void)
{
	static char said[8192];
	ssize_t r;
	int fd;

	remote_session_close(&session);
	ATF_REQUIRE_EQ(server, waitpid(server, NULL, 0));
	fd = open("said", O_RDONLY);
	r = read(fd, said, sizeof(said) - 1);
	close(fd);
	said[r > 0 ? r : 0] = '\0';
	return said;
}

static struct outcome fault;

static struct transaction_recipient recipients[] = {
    {.address = "b@y.test"}, {.address = "c@y.test"}};

/* The mail, nobody knowing anything of it. */
static struct transaction_mail
make_mail(void)
{
	int fd = open("message", O_RDWR | O_CREAT | O_TRUNC, 0600);
	size_t i;

	ATF_REQUIRE_EQ((ssize_t)strlen(MESSAGE), write(fd, MESSAGE, strlen(MESSAGE)));
	for (i = 0; i < 2; i++) {
		outcome_free(&recipients[i].outcome);
		memset(&recipients[i].outcome, 0, sizeof(recipients[i].outcome));
		recipients[i].taken = 0;
	}
	outcome_free(&fault);
	memset(&fault, 0, sizeof(fault));
	return (struct transaction_mail){
	    .source = {.fd = fd, .length = (off_t)strlen(MESSAGE)},
	    .sender = "a@x.test",
	    .recipients = recipients,
	    .count = 2};
}

/* The letters of the outcomes, '-' for none. */
static const char *
letters(void)
{
	static char s[3];
	size_t i;

	for (i = 0; i < 2; i++)
		s[i] = recipients[i].outcome.letter ? recipients[i].outcome.letter : '-';
	return s;
}

static const struct {
	const char *name, *replies;
	int is_pipelining, ended, result;
	const char *letters, *said;
} cases[] = {
    {"both taken", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n", 0, 0, 0, "KK",
	MAIL RCPT_B RCPT_C DATA SENT},
    {"both taken at once", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n", 1, 0,
	0, "KK", MAIL RCPT_B RCPT_C DATA SENT},
    {"one refused", "250 ok\r\n250 ok\r\n550 5.1.1 no\r\n354 go\r\n250 done\r\n", 0, 0, 0,
	"KD", MAIL RCPT_B RCPT_C DATA SENT},
    {"both refused", "250 ok\r\n450 no\r\n550 5.1.1 no\r\n", 0, 0, 0, "ZD",
	MAIL RCPT_B RCPT_C},
    {"both refused, but the data wanted",
	"250 ok\r\n550 no\r\n550 no\r\n354 go\r\n554 nobody\r\n", 1, 0, 0, "DD",
	MAIL RCPT_B RCPT_C DATA ".\r\n"},
    {"sender refused", "550 5.7.1 no\r\n", 0, 0, 0, "DD", MAIL},
    {"sender refused at once", "550 5.7.1 no\r\n503 a\r\n503 b\r\n503 c\r\n", 1, 0, 0,
	"DD", MAIL RCPT_B RCPT_C DATA},
    {"sender not now", "451 4.3.0 later\r\n", 0, 0, -1, "--", MAIL},
    /* too many recipients are none too many for the next transaction */
    {"one too many",
	"250 ok\r\n250 ok\r\n452 4.5.3 many\r\n354 go\r\n250 done\r\n"
	"250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n",
	0, 0, 0, "KK", MAIL RCPT_B RCPT_C DATA SENT MAIL RCPT_C DATA SENT},
    {"one too many of an older server",
	"250 ok\r\n250 ok\r\n552 many\r\n354 go\r\n250 done\r\n"
	"250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n",
	0, 0, 0, "KK", MAIL RCPT_B RCPT_C DATA SENT MAIL RCPT_C DATA SENT},
    {"too many already at the first",
	"250 ok\r\n552 5.5.3 many\r\n250 ok\r\n354 go\r\n250 done\r\n", 0, 0, 0, "ZK",
	MAIL RCPT_B RCPT_C DATA SENT},
    {"a full mailbox", "250 ok\r\n250 ok\r\n452 4.2.2 full\r\n354 go\r\n250 done\r\n", 0,
	0, 0, "KZ", MAIL RCPT_B RCPT_C DATA SENT},
    {"data refused", "250 ok\r\n250 ok\r\n250 ok\r\n554 no\r\n", 0, 0, 0, "DD",
	MAIL RCPT_B RCPT_C DATA},
    {"message refused", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n554 5.7.1 no\r\n", 0, 0,
	0, "DD", MAIL RCPT_B RCPT_C DATA SENT},
    /* an end is a verdict on none but whom it answers */
    {"end at the second", "250 ok\r\n250 ok\r\n", 0, 1, -1, "-Z", MAIL RCPT_B RCPT_C},
    {"end at the sender", "", 0, 1, -1, "--", MAIL},
};

ATF_TC_WITHOUT_HEAD(what_the_server_says_is_judged);
ATF_TC_BODY(what_the_server_says_is_judged, tc)
{
	struct transaction_mail mail;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		mail = make_mail();
		begin(cases[i].replies, cases[i].ended);
		session.has_pipelining = cases[i].is_pipelining;
		ATF_CHECK_EQ_MSG(cases[i].result,
		    transaction_run(&session, &mail, &fault), "%s", cases[i].name);
		ATF_CHECK_STREQ_MSG(cases[i].letters, letters(), "%s", cases[i].name);
		ATF_CHECK_STREQ_MSG(cases[i].said, heard(), "%s", cases[i].name);
		if (cases[i].result == -1)
			ATF_CHECK_EQ_MSG('Z', fault.letter, "%s", cases[i].name);
		close(mail.source.fd);
	}
}

ATF_TC_WITHOUT_HEAD(a_session_that_is_not_fresh_refuses_nobody_for_good);
ATF_TC_BODY(a_session_that_is_not_fresh_refuses_nobody_for_good, tc)
{
	struct transaction_mail mail = make_mail();

	begin("550 5.7.1 enough\r\n", 0);
	session.mails = 1;
	ATF_CHECK_EQ(TRANSACTION_STALE, transaction_run(&session, &mail, &fault));
	ATF_CHECK_STREQ("--", letters());
	ATF_CHECK_STREQ(MAIL, heard());
}

/* What was refused is asked for again, what was taken is not sent again. */
ATF_TC_WITHOUT_HEAD(who_was_taken_beside_a_refusal_is_done);
ATF_TC_BODY(who_was_taken_beside_a_refusal_is_done, tc)
{
	struct transaction_mail mail;
	int i;

	for (i = 0; i < 3; i++) {
		mail = make_mail();
		begin(i < 2
			  ? "250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n250 done\r\n"
			  : "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n550 b\r\n&250 c\r\n",
		    0);
		session.mails = 1;
		session.has_pipelining = i == 1;
		session.is_lmtp = i == 2;
		ATF_CHECK_EQ(TRANSACTION_STALE, transaction_run(&session, &mail, &fault));
		ATF_CHECK_STREQ("-K", letters());
		heard();
		close(mail.source.fd);
	}
}

ATF_TC_WITHOUT_HEAD(parameters_are_said_to_who_offers_them);
ATF_TC_BODY(parameters_are_said_to_who_offers_them, tc)
{
	struct transaction_mail mail = make_mail();
	const char *said;

	mail.ret = "HDRS";
	mail.envid = "e1";
	mail.is_8bitmime = 1;
	recipients[0].notify = "NEVER";
	recipients[0].orcpt = "rfc822;b@y.test";
	begin("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n", 0);
	session.has_size = session.has_dsn = session.has_8bitmime = 1;
	ATF_CHECK_EQ(0, transaction_run(&session, &mail, &fault));
	said = heard();
	ATF_CHECK_MSG(strstr(said, "MAIL FROM:<a@x.test> SIZE=20 BODY=8BITMIME RET=HDRS "
				   "ENVID=e1\r\n"
				   "RCPT TO:<b@y.test> NOTIFY=NEVER "
				   "ORCPT=rfc822;b@y.test\r\n" RCPT_C) == said,
	    "%s", said);
	recipients[0].notify = recipients[0].orcpt = NULL;
}

ATF_TC_WITHOUT_HEAD(the_limit_of_the_server_is_kept);
ATF_TC_BODY(the_limit_of_the_server_is_kept, tc)
{
	struct transaction_mail mail = make_mail();

	begin("250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n"
	      "250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n",
	    0);
	session.recipients_max = 1;
	ATF_CHECK_EQ(0, transaction_run(&session, &mail, &fault));
	ATF_CHECK_STREQ("KK", letters());
	ATF_CHECK_STREQ(MAIL RCPT_B DATA SENT MAIL RCPT_C DATA SENT, heard());
}

ATF_TC_WITHOUT_HEAD(our_own_limit_is_kept);
ATF_TC_BODY(our_own_limit_is_kept, tc)
{
	struct transaction_mail mail = make_mail();

	begin("250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n"
	      "250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n",
	    0);
	session.recipients_max = 50;
	mail.recipients_max = 1;
	ATF_CHECK_EQ(0, transaction_run(&session, &mail, &fault));
	ATF_CHECK_STREQ("KK", letters());
	ATF_CHECK_STREQ(MAIL RCPT_B DATA SENT MAIL RCPT_C DATA SENT, heard());
}

ATF_TC_WITHOUT_HEAD(a_session_has_as_many_mails_as_the_server_says);
ATF_TC_BODY(a_session_has_as_many_mails_as_the_server_says, tc)
{
	struct transaction_mail mail = make_mail();

	begin("250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n", 0);
	session.recipients_max = 1;
	session.mails_max = 1;
	ATF_CHECK_EQ(TRANSACTION_STALE, transaction_run(&session, &mail, &fault));
	ATF_CHECK_STREQ("K-", letters());
	ATF_CHECK_STREQ(MAIL RCPT_B DATA SENT, heard());
}

ATF_TC_WITHOUT_HEAD(a_session_has_as_many_domains_as_the_server_says);
ATF_TC_BODY(a_session_has_as_many_domains_as_the_server_says, tc)
{
	struct transaction_mail mail = make_mail();

	recipients[1].address = "c@z.test";
	begin("250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n", 0);
	session.domains_max = 1;
	ATF_CHECK_EQ(TRANSACTION_STALE, transaction_run(&session, &mail, &fault));
	ATF_CHECK_STREQ("K-", letters());
	ATF_CHECK_STREQ(MAIL RCPT_B DATA SENT, heard());
	/* in any case of letters it is the same one */
	mail = make_mail();
	recipients[1].address = "c@Y.TEST";
	begin("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n", 0);
	session.domains_max = 1;
	ATF_CHECK_EQ(0, transaction_run(&session, &mail, &fault));
	ATF_CHECK_STREQ("KK", letters());
	heard();
	recipients[1].address = "c@y.test";
}

#define BDAT "BDAT 20 LAST\r\n"
#define CHUNK "Subject: x\r\n\r\n.dot\r\n"

static const struct {
	const char *name, *replies;
	int is_pipelining, ended, result, shuns;
	const char *letters, *said;
} chunked[] = {
    {"taken", "250 ok\r\n250 ok\r\n250 ok\r\n250 done\r\n", 0, 0, 0, 0, "KK",
	MAIL RCPT_B RCPT_C BDAT CHUNK},
    {"taken at once", "250 ok\r\n250 ok\r\n250 ok\r\n250 done\r\n", 1, 0, 0, 0, "KK",
	MAIL RCPT_B RCPT_C BDAT CHUNK},
    {"one refused", "250 ok\r\n550 no\r\n250 ok\r\n250 done\r\n", 1, 0, 0, 0, "DK",
	MAIL RCPT_B RCPT_C BDAT CHUNK},
    {"both refused", "250 ok\r\n550 no\r\n450 no\r\n", 1, 0, 0, 0, "DZ",
	MAIL RCPT_B RCPT_C},
    {"sender refused", "550 no\r\n503 a\r\n503 b\r\n", 1, 0, 0, 0, "DD",
	MAIL RCPT_B RCPT_C},
    {"message refused", "250 ok\r\n250 ok\r\n250 ok\r\n554 5.6.0 no\r\n", 0, 0, 0, 0,
	"DD", MAIL RCPT_B RCPT_C BDAT CHUNK},
    {"not now", "250 ok\r\n250 ok\r\n250 ok\r\n451 no\r\n", 0, 0, 0, 0, "ZZ",
	MAIL RCPT_B RCPT_C BDAT CHUNK},
    {"lost", "250 ok\r\n250 ok\r\n250 ok\r\n", 0, 1, 0, 0, "ZZ",
	MAIL RCPT_B RCPT_C BDAT CHUNK},
    /* it offers what it does not know */
    {"unknown", "250 ok\r\n250 ok\r\n250 ok\r\n502 what?\r\n", 0, 1, TRANSACTION_STALE, 1,
	"--", NULL},
};

ATF_TC_WITHOUT_HEAD(a_message_goes_in_one_chunk);
ATF_TC_BODY(a_message_goes_in_one_chunk, tc)
{
	struct transaction_mail mail;
	const char *said;
	size_t i;

	for (i = 0; i < sizeof(chunked) / sizeof(*chunked); i++) {
		mail = make_mail();
		begin(chunked[i].replies, chunked[i].ended);
		session.has_chunking = 1;
		session.has_pipelining = chunked[i].is_pipelining;
		ATF_CHECK_EQ_MSG(chunked[i].result,
		    transaction_run(&session, &mail, &fault), "%s", chunked[i].name);
		ATF_CHECK_EQ_MSG(
		    chunked[i].shuns, session.shuns_chunking, "%s", chunked[i].name);
		ATF_CHECK_STREQ_MSG(chunked[i].letters, letters(), "%s", chunked[i].name);
		said = heard();
		if (chunked[i].said != NULL)
			ATF_CHECK_STREQ_MSG(chunked[i].said, said, "%s", chunked[i].name);
		close(mail.source.fd);
	}
}

ATF_TC_WITHOUT_HEAD(who_does_not_know_chunks_gets_data);
ATF_TC_BODY(who_does_not_know_chunks_gets_data, tc)
{
	struct transaction_mail mail = make_mail();

	begin("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n", 0);
	session.has_chunking = session.shuns_chunking = 1;
	ATF_CHECK_EQ(0, transaction_run(&session, &mail, &fault));
	ATF_CHECK_STREQ(MAIL RCPT_B RCPT_C DATA SENT, heard());
}

static const struct {
	const char *name, *replies;
	int is_chunked, ended, result;
	const char *letters;
} local[] = {
    {"both", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 b\r\n&250 c\r\n", 0, 0, 0,
	"KK"},
    {"both, in a chunk", "250 ok\r\n250 ok\r\n250 ok\r\n250 b\r\n&250 c\r\n", 1, 0, 0,
	"KK"},
    {"one of both", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n452 full\r\n&250 c\r\n", 0,
	0, 0, "ZK"},
    {"the other", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 b\r\n&552 full\r\n", 0, 0,
	0, "KD"},
    {"one was not taken", "250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n250 c\r\n", 0, 0, 0,
	"DK"},
    /* what was said counts, the rest is in doubt */
    {"lost between", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 b\r\n&\n", 0, 1, 0,
	"KZ"},
    {"no chunks known", "250 ok\r\n250 ok\r\n250 ok\r\n502 what?\r\n", 1, 1,
	TRANSACTION_STALE, "--"},
    {"nobody, and data wanted", "250 ok\r\n550 no\r\n550 no\r\n354 go\r\n", 0, 0, 0,
	"DD"},
};

ATF_TC_WITHOUT_HEAD(lmtp_has_a_reply_for_each);
ATF_TC_BODY(lmtp_has_a_reply_for_each, tc)
{
	struct transaction_mail mail;
	size_t i;

	for (i = 0; i < sizeof(local) / sizeof(*local); i++) {
		mail = make_mail();
		begin(local[i].replies, local[i].ended);
		session.is_lmtp = session.has_pipelining = 1;
		session.has_chunking = local[i].is_chunked;
		ATF_CHECK_EQ_MSG(local[i].result,
		    transaction_run(&session, &mail, &fault), "%s", local[i].name);
		ATF_CHECK_STREQ_MSG(local[i].letters, letters(), "%s", local[i].name);
		heard();
		close(mail.source.fd);
	}
}

/* A server that answers each command after so many milliseconds. */
static void
dawdle(const char *replies, int milliseconds)
{
	pause_milliseconds = milliseconds;
	begin(replies, 0);
	pause_milliseconds = 0;
}

ATF_TC_WITHOUT_HEAD(a_slow_server_has_its_time_for_all_that_it_says);
ATF_TC_BODY(a_slow_server_has_its_time_for_all_that_it_says, tc)
{
	int64_t began = deadline_now();
	struct transaction_mail mail;

	dawdle("250 ok\n250 ok\n250 ok\n354 go\n250 taken\n", 400);
	/* no answer alone takes too long */
	session.until = began + 1000;
	mail = make_mail();
	ATF_CHECK_EQ(-1, transaction_run(&session, &mail, &fault));
	ATF_CHECK_STREQ("--", letters());
	ATF_CHECK(strstr(fault.text.s, "in time") != NULL);
	heard();
}

ATF_TC_WITHOUT_HEAD(the_verdict_has_its_own_time);
ATF_TC_BODY(the_verdict_has_its_own_time, tc)
{
	struct transaction_recipient *all[] = {&recipients[0], &recipients[1]};
	struct transaction_mail mail = make_mail();
	struct transaction t = {.session = &session,
	    .mail = &mail,
	    .recipients = all,
	    .n = 2,
	    .is_fresh = 1,
	    .fault = &fault};
	int64_t until;

	begin("354 go\r\n250 taken\r\n", 0);
	mail.form = &mail.source;
	recipients[0].taken = recipients[1].taken = 1;
	remote_session_say(&session, "DATA", (char *)NULL);
	ATF_REQUIRE_EQ(0, transaction_data_hear(&t, "DATA", 60));
	until = session.until = deadline_now() - 1;
	ATF_CHECK_EQ(0, transaction_data_hand_over(&t));
	ATF_CHECK_STREQ("KK", letters());
	ATF_CHECK_EQ(until, session.until);
	heard();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, what_the_server_says_is_judged);
	ATF_TP_ADD_TC(tp, a_session_that_is_not_fresh_refuses_nobody_for_good);
	ATF_TP_ADD_TC(tp, who_was_taken_beside_a_refusal_is_done);
	ATF_TP_ADD_TC(tp, parameters_are_said_to_who_offers_them);
	ATF_TP_ADD_TC(tp, the_limit_of_the_server_is_kept);
	ATF_TP_ADD_TC(tp, our_own_limit_is_kept);
	ATF_TP_ADD_TC(tp, a_session_has_as_many_mails_as_the_server_says);
	ATF_TP_ADD_TC(tp, a_session_has_as_many_domains_as_the_server_says);
	ATF_TP_ADD_TC(tp, a_message_goes_in_one_chunk);
	ATF_TP_ADD_TC(tp, who_does_not_know_chunks_gets_data);
	ATF_TP_ADD_TC(tp, lmtp_has_a_reply_for_each);
	ATF_TP_ADD_TC(tp, a_slow_server_has_its_time_for_all_that_it_says);
	ATF_TP_ADD_TC(tp, the_verdict_has_its_own_time);
	return atf_no_error();
}
