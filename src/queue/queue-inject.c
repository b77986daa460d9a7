/* queue-inject: put one message into the queue, durably. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/envelope.h"
#include "lib/filter.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/queue_client.h"
#include "lib/queueid.h"
#include "lib/sink_time.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/custodian.h"
#include "queue/trigger.h"
#include "queue/writer.h"

#define DEADLINE 86400      /* seconds; qmail-queue's */
#define SERVICE_SECONDS 300 /* for each piece of the message */
#define SERVICE "run/queue.sock"

/* qmail-queue's exit codes: 11 to 40 are for good, all others for now. */
enum {
	LONG_ADDRESS = 11,
	REFUSED = 31,
	NOT_VISIBLE = 32,
	TIMED_OUT = 52,
	WRITE_FAILED = 53,
	READ_FAILED = 54,
	NO_ID = 55,
	NO_HOME = 61,
	NO_QUEUE = 62,
	MALFORMED = 91,
};

static const struct failure {
	int code;
	int verdict;
	const char *report;
} failures[] = {
    {LONG_ADDRESS, REJECT, "an address is too long (#5.1.3)"},
    {REFUSED, REJECT, "the envelope is too long (#5.5.3)"},
    {NOT_VISIBLE, REJECT, "an address holds what no text shows (#5.1.3)"},
    {WRITE_FAILED, DEFER, "unable to write to the queue (#4.3.0)"},
    {READ_FAILED, DEFER, "the message or its envelope was cut (#4.3.0)"},
    {NO_ID, DEFER, "unable to make a message ID (#4.3.0)"},
    {NO_HOME, DEFER, "unable to enter the home (#4.3.0)"},
    {NO_QUEUE, DEFER, "unable to use the queue (#4.3.0)"},
    {MALFORMED, DEFER, "the envelope is malformed (#4.5.4)"},
    {0, DEFER, "the queue failed (#4.3.0)"},
};

static struct durable file = {.fd = -1};
static struct writer writer;
static struct queue_client client = QUEUE_CLIENT_CLOSED;
static unsigned long long message_len;
static stralloc bytes; /* of the envelope */
static struct envelope envelope;
static char id[QUEUEID_LEN + 1];
static int report_fd;

static void
fail(int code)
{
	const struct failure *f = failures;

	while (f->code && f->code != code)
		++f;
	filter_report(report_fd, f->verdict, f->report);
	exit(code);
}

static void
time_out(int signal)
{
	(void)signal;
	_exit(TIMED_OUT);
}

/* A reader of the report that is gone must not turn a queued message into a failure. */
static void
set_signals(void)
{
	sigset_t none;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGALRM, time_out);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(DEADLINE);
}

static void
begin_file(void)
{
	int full;

	if (durable_begin(&file, AT_FDCWD, "queue/new", 0660) == 0) {
		writer_begin(&writer, file.fd);
		return;
	}
	full = durable_is_full(errno);
	carpsys("unable to create a file in ", home_path(), "/queue/new");
	fail(full ? WRITE_FAILED : NO_QUEUE);
}

/* Read from fd to buf; 0 at the end. */
static size_t
receive(int fd, char *buf, size_t len, const char *what)
{
	ssize_t r = filter_read(fd, buf, len);

	if (r == -1) {
		carpsys("unable to read the ", what);
		fail(READ_FAILED);
	}
	return r;
}

static void
copy_message(void)
{
	char *room;
	size_t len;

	do {
		if (writer_room(&writer, &room, &len) == -1) {
			carpsys("unable to write to the queue");
			fail(WRITE_FAILED);
		}
		len = receive(0, room, len, "message");
		writer_took(&writer, len);
	} while (len > 0);
	message_len = writer.header.message;
}

/* What the service does not want all of it tells at the end. */
static void
hand_over_message(void)
{
	static char piece[WRITER_BLOCK];
	size_t filled = 0, len;

	do {
		if (filled == sizeof piece) {
			if (queue_client_write(&client, piece, filled, SERVICE_SECONDS) ==
				-1 &&
			    errno != EPIPE) {
				carpsys("unable to write to ", SERVICE);
				fail(WRITE_FAILED);
			}
			filled = 0;
		}
		len = receive(0, piece + filled, sizeof piece - filled, "message");
		filled += len;
		message_len += len;
	} while (len > 0);
	queue_client_last(&client, piece, filled);
}

/* Only the empty record that ends an envelope puts two \0 together. */
static int
is_ended(size_t from)
{
	for (size_t i = from ? from : 1; i < bytes.len; ++i)
		if (bytes.s[i] == '\0' && bytes.s[i - 1] == '\0')
			return 1;
	return 0;
}

/* Up to its last byte and no further: the writer may keep the pipe open. */
static void
read_envelope(void)
{
	static char part[8192];
	size_t r;

	do {
		r = receive(1, part, sizeof part, "envelope");
		if (r == 0) {
			carp("the envelope has no end");
			fail(READ_FAILED);
		}
		if (bytes.len + r > ENVELOPE_MAX) {
			carp("the envelope is too long");
			fail(REFUSED);
		}
		text_catb(&bytes, part, r);
	} while (!is_ended(bytes.len - r));
}

/* The parser cuts the bytes into strings. */
static void
check_envelope(void)
{
	static stralloc copy;

	text_setb(&copy, bytes.s, bytes.len);
	switch (envelope_parse(&envelope, copy.s, copy.len)) {
	case ENVELOPE_OK:
		if (envelope_is_visible(&envelope))
			return;
		carp("an address in the envelope holds what no text shows");
		fail(NOT_VISIBLE);
		break;
	case ENVELOPE_LONG:
		carp("an address in the envelope is too long");
		fail(LONG_ADDRESS);
		break;
	default:
		carp("the envelope is malformed");
		fail(MALFORMED);
	}
}

static void
write_rest(void)
{
	if (writer_end(&writer, bytes.s, bytes.len) == 0)
		return;
	carpsys("unable to write to the queue");
	fail(WRITE_FAILED);
}

/*
 * With a QUEUEID from outside a taken name is our own: the same message has been queued
 * before a crash of the one who asks again.
 */
static void
commit(void)
{
	if (durable_commit(&file, "queue/new", id) == 0)
		return;
	if (errno == EEXIST && getenv("QUEUEID"))
		return;
	carpsys("unable to commit ", home_path(), "/queue/new/", id);
	fail(WRITE_FAILED);
}

/*
 * Is there a service?  One that is busy is to be waited for; where there is none, or none
 * that we may ask, the message becomes a file by our own hand.
 */
static int
find_service(void)
{
	if (queue_client_open(&client, SERVICE) == 0)
		return 1;
	if (errno == ENOENT || errno == ECONNREFUSED || errno == EACCES)
		return 0;
	carpsys("unable to connect to ", home_path(), "/", SERVICE);
	fail(NO_QUEUE);
	return 0;
}

static void
give_to_service(void)
{
	static stralloc said;
	unsigned seconds;

	queue_client_begin(&client, id);
	hand_over_message();
	read_envelope();
	seconds = sink_time_left(sink_time_until(deadline_now()));
	check_envelope();
	switch (queue_client_end(
	    &client, bytes.s, bytes.len, &said, seconds > 0 ? seconds : 1)) {
	case ACCEPT:
		return;
	case REJECT:
		filter_report(report_fd, REJECT, said.s);
		carp("the queue refuses the message: ", said.s);
		exit(REFUSED);
	default:
		filter_report(report_fd, DEFER, said.s);
		carp("the queue does not take the message now: ", said.s);
		exit(WRITE_FAILED);
	}
}

static void
write_file(void)
{
	if (custodian_become() == -1)
		fail(NO_QUEUE);
	begin_file();
	copy_message();
	read_envelope();
	check_envelope();
	write_rest();
	commit();
	trigger_pull(id);
}

static void
log_queued(void)
{
	char size[DECIMAL_MAX], count[DECIMAL_MAX];

	log_event(id, "queued", "bytes", text_decimal(size, message_len), "rcpts",
	    text_decimal(count, envelope.count), (char *)NULL);
}

int
main(int argc, char **argv)
{
	(void)argv;
	errmsg_iam("queue-inject");
	if (argc != 1)
		die(DEFER, "usage: queue-inject");
	report_fd = filter_report_fd(); /* before anything else could get the number */
	set_signals();
	umask(007);
	if (chdir(home_path()) == -1) {
		carpsys("unable to enter ", home_path());
		fail(NO_HOME);
	}
	if (queueid_take(id) == -1) {
		carpsys("unable to make a message ID");
		fail(NO_ID);
	}

	if (find_service())
		give_to_service();
	else
		write_file();
	log_queued();
	return filter_report(report_fd, ACCEPT, id);
}
