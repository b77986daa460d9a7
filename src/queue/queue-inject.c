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

#include "lib/durable.h"
#include "lib/envelope.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "queue/queue_writer.h"

#define DEADLINE 86400 /* seconds; qmail-queue's */

/* qmail-queue's exit codes: 11 to 40 are for good, all others for now. */
enum {
	LONG_ADDRESS = 11,
	REFUSED = 31,
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
	const char *report;
} failures[] = {
    {LONG_ADDRESS, "Dan address is too long (#5.1.3)"},
    {REFUSED, "Dthe envelope is too long (#5.5.3)"},
    {WRITE_FAILED, "Zunable to write to the queue (#4.3.0)"},
    {READ_FAILED, "Zthe message or its envelope was cut (#4.3.0)"},
    {NO_ID, "Zunable to make a message ID (#4.3.0)"},
    {NO_HOME, "Zunable to enter the home (#4.3.0)"},
    {NO_QUEUE, "Zunable to use the queue (#4.3.0)"},
    {MALFORMED, "Zthe envelope is malformed (#4.5.4)"},
    {0, "Zthe queue failed (#4.3.0)"},
};

static struct durable file = {.fd = -1};
static struct queue_writer writer;
static stralloc bytes; /* of the envelope */
static struct envelope envelope;
static char id[QUEUEID_LEN + 1];
static int report_fd;

/*
 * The descriptor for the report: 4 or 6, if the caller opened it.  To be asked before
 * anything else is opened that could get the number.
 */
static int
find_report(void)
{
	static const int candidates[] = {4, 6};

	for (size_t i = 0; i < sizeof candidates / sizeof *candidates; ++i) {
		int flags = fcntl(candidates[i], F_GETFL);

		if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY)
			return candidates[i];
	}
	return -1;
}

/* Nobody may be reading: the exit code is what counts. */
static void
report(const char *s, const char *t)
{
	stralloc sa = {0};

	if (report_fd == -1)
		return;
	text_cat(&sa, s, t, (char *)0);
	if (write(report_fd, sa.s, sa.len) == -1)
		carpsys("unable to report");
}

static void
fail(int code)
{
	const struct failure *f = failures;

	while (f->code && f->code != code)
		++f;
	report(f->report, "");
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
		queue_writer_begin(&writer, file.fd);
		return;
	}
	full = errno == ENOSPC || errno == EDQUOT;
	carpsys("unable to create a file in ", home_path(), "/queue/new");
	fail(full ? WRITE_FAILED : NO_QUEUE);
}

/* Read from fd to buf; 0 at the end. */
static size_t
receive(int fd, char *buf, size_t len, const char *what)
{
	ssize_t r;

	while ((r = read(fd, buf, len)) == -1 && errno == EINTR)
		;
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
		if (queue_writer_room(&writer, &room, &len) == -1) {
			carpsys("unable to write to the queue");
			fail(WRITE_FAILED);
		}
		len = receive(0, room, len, "message");
		queue_writer_took(&writer, len);
	} while (len > 0);
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

/* Last, for the parser cuts the bytes into strings. */
static void
check_envelope(void)
{
	switch (envelope_parse(&envelope, bytes.s, bytes.len)) {
	case ENVELOPE_OK:
		return;
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
	if (queue_writer_end(&writer, bytes.s, bytes.len) == 0)
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

/* A trigger that nobody hears costs time only: queue-run scans queue/new by itself. */
static void
pull_trigger(void)
{
	char line[QUEUEID_LEN + 1];
	int fd = open("queue/trigger", O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd == -1)
		return;
	memcpy(line, id, QUEUEID_LEN);
	line[QUEUEID_LEN] = '\n';
	if (write(fd, line, sizeof line) == -1 && errno != EAGAIN)
		carpsys("unable to write to ", home_path(), "/queue/trigger");
	close(fd);
}

static void
log_queued(void)
{
	char size[DECIMAL_MAX], count[DECIMAL_MAX];

	log_event(id, "queued", "bytes", text_decimal(size, writer.header.message),
	    "rcpts", text_decimal(count, envelope.count), (char *)0);
}

int
main(void)
{
	errmsg_iam("queue-inject");
	report_fd = find_report();
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

	begin_file();
	copy_message();
	read_envelope();
	write_rest();
	check_envelope();
	commit();
	pull_trigger();
	log_queued();
	report("K", id);
	return 0;
}
