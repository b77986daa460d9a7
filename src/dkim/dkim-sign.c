/* dkim-sign: sign a message of our own, then pipe it on. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "dkim/signing.h"
#include "dkim/signing_service.h"
#include "lib/client.h"
#include "lib/deadline.h"
#include "lib/filter.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/sink.h"
#include "lib/sink_time.h"
#include "lib/spool.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define BLOCK 65536
#define WORDS_UNREADABLE "451 4.3.0 unable to read the message"
#define WORDS_UNSIGNED "451 4.3.0 unable to sign the message now"
#define WORDS_UNKEPT "451 4.3.0 unable to keep the message"
#define WORDS_UNTAKEN "451 4.3.0 unable to hand the message on"
#define WORDS_LATE "451 4.3.0 signing the message took too long"
#define WORDS_ENVELOPE "552 5.5.3 the envelope is too long"

static int report_fd;
static int64_t since; /* when the caller may have begun to wait */
static struct sink sink;
static int is_sinking;
static struct signing signing;
static struct spool spool = {.fd = -1}; /* what has no room in first */
static char first[BLOCK];               /* the beginning of the message */
static size_t first_len;

static void __attribute__((noreturn)) put_off(const char *words)
{
	if (is_sinking)
		sink_abort(&sink);
	exit(filter_report(report_fd, DEFER, words));
}

static void __attribute__((noreturn)) fail_reading(const char *what)
{
	carpsys("unable to read ", what);
	if (is_sinking)
		sink_abort(&sink);
	filter_report(report_fd, DEFER, WORDS_UNREADABLE);
	exit(FILTER_READ_FAILED);
}

/*
 * Is the message somebody else's, who has come over the network?  With our domain in From
 * it would be a forgery with our signature.
 */
static int
is_strangers(void)
{
	int is_ours = 1;

	if (getenv("TCPREMOTEIP") != NULL)
		is_ours = client_is_authorised();
	if (is_ours == -1)
		put_off("451 4.3.0 unable to look up the client");
	return !is_ours;
}

static void
keep(const char *s, size_t len)
{
	size_t n = sizeof first - first_len;

	if (n > len)
		n = len;
	memcpy(first + first_len, s, n);
	first_len += n;
	if (n == len)
		return;
	if (spool.fd == -1 && spool_begin(&spool) == -1) {
		carpsys("unable to make a temporary file");
		put_off(WORDS_UNKEPT);
	}
	spool_put(&spool, s + n, len - n);
}

/* Read the message, and look at what is to be signed. */
static void
read_message(void)
{
	static char block[BLOCK];
	ssize_t r;

	signing_begin(&signing);
	while ((r = filter_read_timed(0, block, sizeof block, &since)) > 0) {
		keep(block, (size_t)r);
		signing_feed(&signing, block, (size_t)r);
	}
	if (r == -1)
		fail_reading("the message");
	signing_end(&signing);
	if (spool.fd != -1 && spool_end(&spool) == -1) {
		carpsys("unable to write to a temporary file");
		put_off(WORDS_UNKEPT);
	}
}

/* The fields that are to stand above the message. */
static void
sign(stralloc *fields)
{
	char domain[SIGNATURE_DOMAIN_MAX + 1];
	stralloc question = {0};

	if (!signing_domain(&signing, domain)) {
		log_event(getenv("QUEUEID"), "unsigned", "why",
		    signing.fields.is_too_large ? "the header is too large"
						: "no domain in From",
		    (char *)NULL);
		return;
	}
	signing_put_question(&signing, domain, &question);
	if (signing_service_ask(&question, fields) == -1)
		put_off(WORDS_UNSIGNED);
	stralloc_free(&question);
}

static void
pass_on(const char *s, size_t len)
{
	/* One that does not want it all says why at the end. */
	if (sink_write(&sink, s, len, SINK_TIME_SECONDS) == 0 || errno == EPIPE)
		return;
	carpsys("unable to write to the next sink");
	put_off(WORDS_UNTAKEN);
}

static void
start_sink(const char *const *argv, int64_t until)
{
	if (sink_time_hand_on(until) == -1 || sink_start(&sink, argv) == -1) {
		carpsys("unable to start ", argv[0]);
		put_off(WORDS_UNTAKEN);
	}
	is_sinking = 1;
}

/* What has been read goes on, below its signatures. */
static void
pass_signed(const stralloc *fields)
{
	char block[BLOCK];
	off_t at = 0;
	ssize_t r;

	pass_on(fields->s, fields->len);
	pass_on(first, first_len);
	if (spool.fd == -1)
		return;
	while ((r = spool_read(&spool, block, sizeof block, at)) > 0) {
		pass_on(block, (size_t)r);
		at += r;
	}
	if (r == -1)
		fail_reading("the temporary file");
}

/* What is not ours goes on as it comes. */
static void
pass_unsigned(void)
{
	static char block[BLOCK];
	ssize_t r;

	while ((r = filter_read_timed(0, block, sizeof block, &since)) > 0)
		pass_on(block, (size_t)r);
	if (r == -1)
		fail_reading("the message");
}

/* The envelope goes on; the next sink's verdict is ours. */
static int
conclude(void)
{
	static stralloc envelope, report;
	unsigned seconds;
	int verdict;

	if (filter_envelope(&envelope) == -1) {
		if (errno != E2BIG)
			fail_reading("the envelope");
		sink_abort(&sink);
		return filter_report(report_fd, REJECT, WORDS_ENVELOPE);
	}
	seconds = sink_time_left(sink_time_until(since));
	if (seconds == 0 || !filter_is_awaited(report_fd))
		put_off(WORDS_LATE);
	verdict = sink_finish(&sink, envelope.s, envelope.len, &report, seconds);
	text_terminate(&report);
	return filter_report(report_fd, verdict, report.s);
}

int
main(int argc, char **argv)
{
	const char *const *next = (const char *const *)argv + 1;
	static stralloc fields;

	errmsg_iam("dkim-sign");
	if (argc < 2 || *argv[1] == '-')
		die(DEFER, "usage: dkim-sign sink [argument...]");
	report_fd = filter_report_fd();
	since = deadline_now();
	home_enter();
	if (is_strangers()) {
		if (!sink_is_service(next)) {
			execvp(argv[1], argv + 1);
			carpsys("unable to run ", argv[1]);
			put_off(WORDS_UNTAKEN);
		}
		signal(SIGPIPE, SIG_IGN);
		start_sink(next, 0);
		pass_unsigned();
		return conclude();
	}
	signal(SIGPIPE, SIG_IGN);
	read_message();
	sign(&fields);
	start_sink(next, sink_time_until(since));
	pass_signed(&fields);
	return conclude();
}
