/* qmqp-send: hand the message to a QMQP server, as a sink. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/filter.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/netstring.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "qmtp/qmqp_server.h"

/* The exit codes of a sink: qmail-queue's. */
#define TAKEN 0
#define TOO_LONG 11
#define REFUSED 31
#define READ_FAILED 54
#define MISUSED 55
#define PUT_OFF 71
#define BAD_ENVELOPE 91

#define CONNECT_SECONDS 10 /* for each server; qmail-qmqpc has 10, too */
#define STEP_SECONDS 300
#define STEP_MAX 86400

static struct spool message;
static stralloc envelope; /* as it came */
static stralloc packed;   /* as QMQP has it */
static stralloc report;   /* of the last server */
static char id[QUEUEID_LEN + 1];
static int report_fd; /* where our caller listens, or -1 */

/* Say why not where the caller listens, and end. */
static void __attribute__((noreturn)) conclude(int code, const char *text)
{
	if (report_fd != -1 && write(report_fd, text, strlen(text)) == -1)
		carpsys("unable to write the report");
	_exit(code);
}

static void
read_message(void)
{
	char block[16384];
	ssize_t r;

	if (spool_begin(&message) == -1)
		diesys(PUT_OFF, "unable to keep the message");
	do {
		r = read(0, block, sizeof(block));
		if (r > 0)
			spool_put(&message, block, (size_t)r);
	} while (r > 0 || (r == -1 && errno == EINTR));
	if (r == -1)
		diesys(READ_FAILED, "unable to read the message");
	if (spool_end(&message) == -1)
		diesys(PUT_OFF, "unable to keep the message");
}

static void
read_envelope(void)
{
	char block[16384];
	ssize_t r;

	do {
		r = read(1, block, sizeof(block));
		if (r > 0)
			text_catb(&envelope, block, (size_t)r);
	} while ((r > 0 && envelope.len <= ENVELOPE_MAX) || (r == -1 && errno == EINTR));
	if (r == -1)
		diesys(READ_FAILED, "unable to read the envelope");
}

/* QMQP has sender and recipients; other wishes can't be told, one must not be ignored. */
static void
pack_envelope(void)
{
	struct envelope e = {0};
	size_t i;

	switch (envelope_parse(&e, envelope.s, envelope.len)) {
	case ENVELOPE_OK:
		break;
	case ENVELOPE_LONG:
		die(TOO_LONG, "an address is too long");
	default:
		die(BAD_ENVELOPE, "the envelope is malformed or incomplete");
	}
	if (envelope_parameter(&e, "REQUIRETLS") != NULL)
		conclude(
		    REFUSED, "D554 5.7.30 REQUIRETLS can't be told to a QMQP server");
	netstring_put(&packed, e.sender, strlen(e.sender));
	for (i = 0; i < e.count; i++)
		netstring_put(
		    &packed, e.recipients[i].address, strlen(e.recipients[i].address));
	envelope_free(&e);
}

/*
 * Try one server.  Ends the program when it has taken the message, has refused it for
 * good, or may have taken it.
 */
static void
try_server(const char *name, unsigned seconds)
{
	struct qmqp_server server;
	int reached;

	if (!qmqp_server_parse(&server, name)) {
		carp("not an address of a QMQP server: ", name);
		return;
	}
	reached = qmqp_server_send(
	    &server, &message, &packed, CONNECT_SECONDS, seconds, &report);
	if (reached == QMQP_SERVER_ANSWERED && report.s[0] == 'K') {
		log_event(id, "sent", "host", name, "reply", report.s + 1, (char *)NULL);
		_exit(TAKEN);
	}
	log_event(id, report.s[0] == 'D' ? "refused" : "deferred", "host", name, "reply",
	    report.s + 1, (char *)NULL);
	if (reached == QMQP_SERVER_ANSWERED && report.s[0] == 'D')
		conclude(REFUSED, report.s);
	if (reached == QMQP_SERVER_UNKNOWN)
		conclude(PUT_OFF, report.s);
}

int
main(int argc, char **argv)
{
	static stralloc list;
	unsigned long long seconds;
	size_t at;
	int i;

	errmsg_iam("qmqp-send");
	report_fd = filter_report_fd();
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && argv[1][0] == '-')
		die(MISUSED, "usage: qmqp-send [address[:port]...]");
	if (queueid_take(id) == -1)
		diesys(PUT_OFF, "unable to make a message ID");
	home_enter();
	if (control_number("timeoutremote", &seconds, STEP_SECONDS) == -1 ||
	    seconds == 0 || seconds > STEP_MAX)
		die(MISUSED, "control/timeoutremote is not a number of seconds");
	if (argc == 1 && control_list("qmqpservers", &list) == -1)
		diesys(MISUSED, "unable to read control/qmqpservers");
	read_message();
	read_envelope();
	pack_envelope();
	for (i = 1; i < argc; i++)
		try_server(argv[i], (unsigned)seconds);
	for (at = 0; at < list.len; at += strlen(list.s + at) + 1)
		try_server(list.s + at, (unsigned)seconds);
	if (report.len == 0)
		conclude(MISUSED, "Z451 4.3.5 no QMQP server is configured");
	conclude(PUT_OFF, report.s);
}
