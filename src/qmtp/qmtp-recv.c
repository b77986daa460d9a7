/* qmtp-recv: receive mail by QMTP and pipe each message to a sink. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/home.h"
#include "lib/keepalive.h"
#include "lib/log.h"
#include "lib/netstring.h"
#include "lib/policies.h"
#include "lib/sink_environment.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "qmtp/qmtp_message.h"

#define USAGE "usage: qmtp-recv [-p policy]... [-r policy]... sink [argument...]"
#define WRITE_SECONDS 60
#define MALFORMED_RECIPIENT "D553 5.1.3 the recipient's address is malformed"
#define TOO_MANY "Z452 4.5.3 too many recipients"

/* A recipient, and what it is answered: D or Z and a text; empty when it is accepted. */
struct recipient {
	const char *address;
	stralloc answer;
};

static struct qmtp_input in;
static struct qmtp_message message;
static struct qmtp_message_settings settings = {.protocol = "QMTP"};
static struct policies policies;
static stralloc sender;
static stralloc packed; /* the netstrings of the recipients; their commas become \0 */
static struct recipient recipients[QMTP_MESSAGE_RECIPIENTS_MAX];
static size_t count; /* of recipients, those beyond the maximum too */

/* Returns the index of the sink's name in argv. */
static int
take_options(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "+p:r:")) != -1)
		if ((c != 'p' && c != 'r') || !policies_add(&policies, optarg, c == 'r'))
			die(DEFER, USAGE);
	if (optind == argc)
		die(DEFER, USAGE);
	return optind;
}

static void
refuse(struct recipient *r, const char *answer)
{
	text_set(&r->answer, answer);
	text_terminate(&r->answer);
	qmtp_message_log_refusal(&message, sender.s, r->address, answer + 1);
}

/* The policies' words, which are 451... or 550..., as an answer. */
static void
refuse_by_policy(struct recipient *r, char letter)
{
	stralloc answer = {0};

	text_catb(&answer, &letter, 1);
	text_catb(&answer, policies.reply.s, policies.reply.len);
	text_terminate(&answer);
	refuse(r, answer.s);
	stralloc_free(&answer);
}

/* Find the recipients in packed.  Returns 0, or -1 when it is malformed. */
static int
unpack(void)
{
	size_t at, start, len;
	ssize_t r;

	count = 0;
	for (at = 0; at < packed.len; at += (size_t)r) {
		r = netstring_scan(
		    packed.s + at, packed.len - at, packed.len, &start, &len);
		if (r <= 0)
			return -1;
		if (count < QMTP_MESSAGE_RECIPIENTS_MAX) {
			packed.s[at + start + len] = '\0';
			recipients[count].address = packed.s + at + start;
			recipients[count].answer.len = 0;
			if (!qmtp_message_is_recipient(packed.s + at + start, len))
				text_set(&recipients[count].answer, MALFORMED_RECIPIENT);
		}
		count++;
	}
	return 0;
}

static size_t
known(void)
{
	return count < QMTP_MESSAGE_RECIPIENTS_MAX ? count : QMTP_MESSAGE_RECIPIENTS_MAX;
}

/* Ask VERB ADDRESS PARAMETER of the policies. */
static char
ask(const char *verb, const char *address, const char *parameter)
{
	stralloc request = {0};
	char letter;

	text_cat(&request, verb, address, parameter, (char *)NULL);
	letter = policies_ask(&policies, settings.client.s, &request);
	stralloc_free(&request);
	return letter;
}

/* Ask about sender and recipients; those who are not refused stay without an answer. */
static void
ask_about_all(void)
{
	char size[DECIMAL_MAX + 6] = " SIZE=", letter;
	size_t i;

	text_decimal(size + 6, message.text.octets);
	letter = ask("mail ", sender.len > 0 ? sender.s : "<>", size);
	for (i = 0; i < known(); i++) {
		if (recipients[i].answer.len > 0) {
			refuse(&recipients[i], MALFORMED_RECIPIENT);
			continue;
		}
		if (letter == 'K') {
			char l = ask("rcpt ", recipients[i].address, "");

			if (l != 'K')
				refuse_by_policy(&recipients[i], l);
		} else {
			refuse_by_policy(&recipients[i], letter);
		}
	}
}

/* All who have no answer yet get this one. */
static void
settle(const char *letter, const char *text)
{
	size_t i;

	for (i = 0; i < known(); i++)
		if (recipients[i].answer.len == 0)
			text_cat(&recipients[i].answer, letter, text, (char *)NULL);
}

/* Returns its verdict, and the reason. */
static int
give_to_sink(
    const char *const *accepted, size_t n, const stralloc *fields, stralloc *report)
{
	stralloc lines = {0};
	const struct sink_environment e = {
	    .sender = sender.s, .recipients = &lines, .policies = &policies};
	int verdict;
	size_t i;

	for (i = 0; i < n; i++)
		text_cat(&lines, accepted[i], "\n", (char *)NULL);
	if (sink_environment_set(&e, settings.sink) == -1)
		diesys(DEFER, "unable to set the environment");
	verdict = qmtp_message_hand_over(
	    &message, &settings, fields, sender.s, accepted, n, report);
	sink_environment_clear(&e, settings.sink);
	stralloc_free(&lines);
	return verdict;
}

/* The message, to all who have no answer yet.  Returns how many they were, or 0. */
static size_t
hand_over(void)
{
	static const char *accepted[QMTP_MESSAGE_RECIPIENTS_MAX];
	stralloc report = {0}, fields = {0};
	size_t n = 0, i;
	char letter;
	int verdict;

	for (i = 0; i < known(); i++)
		if (recipients[i].answer.len == 0)
			accepted[n++] = recipients[i].address;
	if (n == 0)
		return 0;
	letter = ask("data", "", "");
	if (letter != 'K') {
		text_catb(&report, policies.reply.s, policies.reply.len);
		text_terminate(&report);
		verdict = verdict_from_letter(letter);
		qmtp_message_log_refusal(&message, sender.s, NULL, report.s);
	} else {
		policies_put_fields(&policies, &fields);
		verdict = give_to_sink(accepted, n, &fields, &report);
	}
	if (verdict == ACCEPT)
		settle("Kok ", message.id);
	else
		settle(verdict == REJECT ? "D" : "Z", report.s);
	stralloc_free(&report);
	stralloc_free(&fields);
	return verdict == ACCEPT ? n : 0;
}

static void
decide(void)
{
	const char *fault = qmtp_message_fault(&message, &settings);
	unsigned refused = 0;
	size_t i, n;

	if (strcmp(sender.s, ENVELOPE_DOUBLE_BOUNCE) == 0)
		sender.s[sender.len = 0] = '\0';
	if (memchr(sender.s, '\0', sender.len) != NULL ||
	    !qmtp_message_is_sender(sender.s, sender.len))
		fault = "D553 5.1.7 the sender's address is malformed";
	if (fault != NULL) {
		qmtp_message_log_refusal(&message, sender.s, NULL, fault + 1);
		for (i = 0; i < known(); i++)
			recipients[i].answer.len = 0;
		settle("", fault);
		return;
	}
	ask_about_all();
	for (i = 0; i < known(); i++)
		refused +=
		    recipients[i].answer.len > 0 && recipients[i].answer.s[0] == 'D';
	n = hand_over();
	policies_done(&policies, (unsigned)n, refused, n > 0);
}

static int
answer(void)
{
	stralloc reply = {0};
	size_t i;
	int r;

	for (i = 0; i < known(); i++)
		netstring_put(&reply, recipients[i].answer.s, recipients[i].answer.len);
	for (; i < count; i++)
		netstring_put(&reply, TOO_MANY, strlen(TOO_MANY));
	r = deadline_write_all(1, reply.s, reply.len, WRITE_SECONDS);
	stralloc_free(&reply);
	return r;
}

static int
malformed(void)
{
	errno = EPROTO;
	return -1;
}

/* A package: message, sender, recipients.  As qmtp_input_byte. */
static int
take_package(void)
{
	unsigned long long size;
	char encoding;
	int r = qmtp_input_length(&in, &size);

	if (r == 1)
		r = size > 0 ? qmtp_input_byte(&in, &encoding) : malformed();
	if (r == 1 && encoding != QMTP_TEXT_LF && encoding != QMTP_TEXT_CRLF)
		r = malformed();
	if (r != 1)
		return r;
	r = qmtp_message_take(&message, &in, encoding, size - 1, &settings);
	if (r == 1)
		r = qmtp_input_comma(&in);
	if (r == 1)
		r = qmtp_input_netstring(&in, &sender, QMTP_MESSAGE_ENVELOPE_MAX);
	if (r == 1)
		r = qmtp_input_netstring(&in, &packed, QMTP_MESSAGE_ENVELOPE_MAX);
	if (r == 1 && unpack() == -1)
		r = malformed();
	return r;
}

/* Returns 1; 0 when there is none any more; -1 with errno. */
static int
serve_package(void)
{
	unsigned long long before = in.consumed;
	int r;

	message.spool.fd = -1;
	r = take_package();
	if (r == 1) {
		decide();
		r = answer() == -1 ? -1 : 1;
	} else if (r == 0 && in.consumed > before) {
		r = malformed();
	}
	qmtp_message_end(&message);
	return r;
}

int
main(int argc, char **argv)
{
	int r;

	errmsg_iam("qmtp-recv");
	settings.sink = (const char *const *)argv + take_options(argc, argv);
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	keepalive_begin(0);
	qmtp_message_configure(&settings);
	in.seconds = settings.seconds;
	in.until = deadline_now() + settings.seconds_whole * INT64_C(1000);

	while ((r = serve_package()) == 1)
		;
	if (r == -1)
		log_event(NULL, "lost", "client", getenv("TCPREMOTEIP"), "reason",
		    errno == EPROTO ? "malformed or cut netstring" : strerror(errno),
		    (char *)NULL);
	close(0);
	close(1);
	policies_end(&policies);
	return ACCEPT;
}
