/* origin-check: verify where a message comes from, then pipe it on. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/deadline.h"
#include "lib/filter.h"
#include "lib/home.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "origin/giver.h"
#include "origin/passage.h"
#include "origin/workers.h"

#define USAGE "usage: origin-check [-l messages] sink [argument...]"
#define BLOCK 65536
#define MESSAGES_MAX 4096

static unsigned long long most; /* messages at a time; 0: one, on descriptors 0 and 1 */
static char id[QUEUEID_LEN + 1];
static struct passage passage = PASSAGE_NONE;
static int report_fd = -1;

/* Of the service: */
static struct queue_client service = QUEUE_CLIENT_CLOSED;
static struct giver giver;

static void __attribute__((noreturn)) conclude(int verdict, const char *text)
{
	exit(filter_report(report_fd, verdict, text));
}

static void __attribute__((noreturn)) fail_reading(const char *what)
{
	carpsys("unable to read ", what);
	passage_abort(&passage);
	exit(FILTER_READ_FAILED);
}

/* The message on descriptor 0, and the envelope on 1. */
static int
pass_one(void)
{
	static stralloc envelope, report;
	static char block[BLOCK];
	ssize_t r;
	int verdict;

	report_fd = filter_report_fd();
	passage.conclude = conclude;
	if (queueid_take(id) == -1)
		diesys(DEFER, "unable to make a message ID");
	passage.since = deadline_now();
	passage_begin(&passage);
	while ((r = filter_read_timed(0, block, sizeof block, &passage.since)) > 0)
		passage_feed(&passage, block, (size_t)r);
	if (r == -1)
		fail_reading("the message");
	passage_end(&passage);
	if (filter_envelope(&envelope) == -1) {
		if (errno != E2BIG)
			fail_reading("the envelope");
		passage_abort(&passage);
		conclude(REJECT, "552 5.5.3 the envelope is too long");
	}
	if (!filter_is_awaited(report_fd)) {
		carp("the caller has left");
		passage_abort(&passage);
		return FILTER_READ_FAILED;
	}
	verdict = passage_finish(&passage, &envelope, &report);
	return filter_report(report_fd, verdict, report.s);
}

/*
 * Of a message that is not handed on to its end it is not known who remembers what: the
 * worker ends with it.
 */
static void __attribute__((noreturn)) conclude_served(int verdict, const char *text)
{
	giver_answer(&giver, verdict, text);
	exit(ACCEPT);
}

/*
 * The ID that the giver names, or a new one; it goes on to the next sink.  setenv would
 * keep the memory of each.
 */
static void
take_id(void)
{
	static char pair[sizeof "QUEUEID=" + QUEUEID_LEN];
	const char *named = giver.exchange.id;

	if (*named != '\0')
		strcpy(id, named);
	else if (queueid_make(id) == -1)
		diesys(DEFER, "unable to make a message ID");
	strcpy(stpcpy(pair, "QUEUEID="), id);
	if (putenv(pair) == -1)
		diesys(DEFER, "unable to name the message");
}

/*
 * With the ID that he has given it, whatever the next sink calls it: he would not take
 * another for an answer, and bring the message again.
 */
static const char *
answer_of(int verdict, const stralloc *report)
{
	if (verdict != ACCEPT)
		return report->s;
	return *giver.exchange.id != '\0' || !queueid_is(report->s) ? id : report->s;
}

/* What is not whole is of no interest, and logged only if that is our trouble. */
static void __attribute__((noreturn)) leave(void)
{
	if (errno != EPIPE && errno != ECONNRESET)
		carpsys("unable to read a message");
	passage_abort(&passage);
	exit(ACCEPT);
}

/* A message from who has connected. */
static void
serve(int fd)
{
	static stralloc report; /* a cache */
	const stralloc *envelope;
	const char *s = NULL;
	int verdict;
	ssize_t r = giver_begin(&giver, fd);

	if (r == 0)
		return;
	if (r == -1)
		leave();
	take_id();
	passage_begin(&passage);
	while ((r = giver_read(&giver, &s)) > 0)
		passage_feed(&passage, s, (size_t)r);
	if (r == -1)
		leave();
	passage.since = giver.since;
	passage_end(&passage);
	envelope = giver_envelope(&giver);
	if (envelope == NULL)
		leave();
	if (!giver_waits(&giver)) {
		errno = EPIPE;
		leave();
	}
	verdict = passage_finish(&passage, envelope, &report);
	giver_answer(&giver, verdict, answer_of(verdict, &report));
	passage_clear(&passage);
	giver_end(&giver);
}

static void
take_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+l:")) != -1)
		if (option != 'l' ||
		    !text_number(optarg, strlen(optarg), MESSAGES_MAX, &most) ||
		    most == 0)
			die(DEFER, USAGE);
	if (optind == argc)
		die(DEFER, USAGE);
}

int
main(int argc, char **argv)
{
	errmsg_iam("origin-check");
	take_options(argc, argv);
	passage.next = (const char *const *)argv + optind;
	passage.id = id;
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	if (most == 0)
		return pass_one();
	passage.conclude = conclude_served;
	passage.service = &service;
	workers_serve(0, (size_t)most, serve);
}
