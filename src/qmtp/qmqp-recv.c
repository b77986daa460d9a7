/* qmqp-recv: receive mail by QMQP from hosts without a queue, and pipe it to a sink. */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/client.h"
#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/home.h"
#include "lib/keepalive.h"
#include "lib/log.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "qmtp/qmtp_message.h"

#define WRITE_SECONDS 60

static struct qmtp_input in;
static struct qmtp_message message;
static struct qmtp_message_settings settings = {.protocol = "QMQP"};
static stralloc sender;
static stralloc addresses; /* each ended by \0 */
static const char *recipients[QMTP_MESSAGE_RECIPIENTS_MAX];
static size_t count;    /* of recipients; more than fit are counted only */
static int has_nul;     /* one of the addresses has a \0 */
static int is_relaying; /* may the client do that?  -1: not known */

/* The client is gone, too slow, or speaks another protocol: nobody waits for an answer.
 */
static void __attribute__((noreturn)) lose(int r)
{
	log_event(message.id, "lost", "reason",
	    r == 0            ? "end of file"
	    : errno == EPROTO ? "malformed netstring"
			      : strerror(errno),
	    (char *)NULL);
	_exit(r == 0 || errno == EPROTO ? REJECT : DEFER);
}

static void
need(int r)
{
	if (r != 1)
		lose(r);
}

/* The recipients, up to the end of the package at which the input then has consumed end.
 */
static void
take_recipients(unsigned long long end)
{
	static stralloc address;
	size_t i, at = 0;

	while (in.consumed < end) {
		need(qmtp_input_netstring(&in, &address, QMTP_MESSAGE_ENVELOPE_MAX));
		has_nul |= memchr(address.s, '\0', address.len) != NULL;
		if (addresses.len + address.len < QMTP_MESSAGE_ENVELOPE_MAX)
			text_catb(&addresses, address.s, address.len + 1);
		else
			count = QMTP_MESSAGE_RECIPIENTS_MAX;
		count++;
	}
	for (i = 0; i < count && count <= QMTP_MESSAGE_RECIPIENTS_MAX; i++) {
		recipients[i] = addresses.s + at;
		at += strlen(addresses.s + at) + 1;
	}
}

/* The package, a netstring of netstrings: message, sender, recipients. */
static void
take_package(void)
{
	unsigned long long len, size, end;

	need(qmtp_input_length(&in, &len));
	end = in.consumed + len;
	need(qmtp_input_length(&in, &size));
	need(qmtp_message_take(&message, &in, QMTP_TEXT_LF, size, &settings));
	need(qmtp_input_comma(&in));
	need(qmtp_input_netstring(&in, &sender, QMTP_MESSAGE_ENVELOPE_MAX));
	take_recipients(end);
	if (in.consumed != end) {
		errno = EPROTO;
		lose(-1);
	}
	need(qmtp_input_comma(&in));
}

/* Null, or why it is not taken: D or Z and a text. */
static const char *
find_fault(void)
{
	size_t i;

	if (is_relaying != 1)
		return is_relaying == 0
			   ? "D550 5.7.1 relaying denied: this host is none of ours"
			   : "Z451 4.3.0 unable to decide now, try again later";
	if (memchr(sender.s, '\0', sender.len) != NULL ||
	    (strcmp(sender.s, ENVELOPE_DOUBLE_BOUNCE) != 0 &&
		!qmtp_message_is_sender(sender.s, sender.len)))
		return "D553 5.1.7 the sender's address is malformed";
	if (count == 0)
		return "D554 5.5.1 no recipients";
	if (count > QMTP_MESSAGE_RECIPIENTS_MAX)
		return "D550 5.5.3 too many recipients";
	for (i = 0; i < count; i++)
		if (has_nul ||
		    !qmtp_message_is_recipient(recipients[i], strlen(recipients[i])))
			return "D553 5.1.3 a recipient's address is malformed";
	return qmtp_message_fault(&message, &settings);
}

static void
answer(const char *letter, const char *text)
{
	static stralloc said, reply;

	text_cat(&said, letter, text, (char *)NULL);
	netstring_put(&reply, said.s, said.len);
	if (deadline_write_all(1, reply.s, reply.len, WRITE_SECONDS) == -1)
		carpsys("unable to write to the client");
}

int
main(int argc, char **argv)
{
	static stralloc report, fields;
	const char *fault;
	int verdict;

	errmsg_iam("qmqp-recv");
	if (argc < 2 || argv[1][0] == '-')
		die(DEFER, "usage: qmqp-recv sink [argument...]");
	settings.sink = (const char *const *)argv + 1;
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	keepalive_begin(0);
	qmtp_message_configure(&settings);
	in.seconds = settings.seconds;
	in.until = deadline_now() + settings.seconds_whole * INT64_C(1000);

	is_relaying = client_is_authorised();
	if (is_relaying != 1)
		settings.databytes = 1; /* read, but not kept */
	take_package();
	fault = find_fault();
	if (fault != NULL) {
		qmtp_message_log_refusal(&message, sender.s, NULL, fault + 1);
		answer("", fault);
		return ACCEPT;
	}
	verdict = qmtp_message_hand_over(
	    &message, &settings, &fields, sender.s, recipients, count, &report);
	if (verdict == ACCEPT)
		answer("Kok ", message.id);
	else
		answer(verdict == REJECT ? "D" : "Z", report.s);
	return ACCEPT;
}
