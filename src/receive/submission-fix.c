/* submission-fix: complete the header of a message of our own clients, then pipe it on.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/control.h"
#include "lib/datetime.h"
#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/sink.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "receive/from_addresses.h"
#include "receive/header_fix.h"
#include "receive/sender_rights.h"

#define BLOCK 65536
#define SINK_SECONDS 300
#define REFUSED 31 /* qmail-queue's exit codes: for good */
#define PUT_OFF 71 /* and for now */
#define READ_FAILED 54

static char id[QUEUEID_LEN + 1];
static struct sink sink;
static struct header_fix fix;
static int report_fd = -1;
static int cut; /* the next sink did not want all of the message */

/* The descriptor for the report: 4 or 6, if the caller opened it for writing. */
static int
find_report(void)
{
	int fd, flags;

	for (fd = 4; fd <= 6; fd += 2) {
		flags = fcntl(fd, F_GETFL);
		if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY)
			return fd;
	}
	return -1;
}

/* End with a report: a letter and a text. */
static void __attribute__((noreturn)) conclude(int code, char letter, const char *text)
{
	stralloc report = {0};

	text_catb(&report, &letter, 1);
	text_cat(&report, text, NULL);
	if (report_fd != -1 && write(report_fd, report.s, report.len) == -1)
		carpsys("unable to write the report");
	exit(code);
}

static void __attribute__((noreturn)) refuse(const char *text)
{
	log_event(id, "refused", "text", text, "user", getenv("AUTHUSER"), NULL);
	sink_abort(&sink);
	conclude(REFUSED, 'D', text);
}

static void __attribute__((noreturn)) put_off(const char *text)
{
	sink_abort(&sink);
	conclude(PUT_OFF, 'Z', text);
}

/* Make what is to be added where it is missing. */
static void
prepare(void)
{
	static stralloc date, message_id, me;
	char buf[DATETIME_MAX];

	if (queueid_take(id) == -1)
		diesys(DEFER, "unable to make a message ID");
	control_need_me(&me);
	text_terminate(&me);
	text_cat(&date, "Date: ", datetime_rfc5322(buf, time(NULL)), "\n", NULL);
	text_terminate(&date);
	text_cat(&message_id, "Message-ID: <", id, "@", me.s, ">\n", NULL);
	text_terminate(&message_id);
	fix.date = date.s;
	fix.message_id = message_id.s;
}

/*
 * Are all addresses of the From fields those of who has authenticated?  Does not return
 * when not.
 */
static void
check_from(const char *user)
{
	static stralloc address;
	size_t at = 0, n = 0;
	int r;

	/* What one field begins, a comment say, another must not end. */
	if (fix.froms > 1)
		refuse("550 5.7.1 more than one From field");
	if (fix.from_too_long)
		refuse("550 5.7.1 From field too long");
	while ((r = from_addresses_next(fix.from.s, fix.from.len, &at, &address)) == 1) {
		n++;
		switch (sender_rights_has(user, address.s, address.len)) {
		case 1:
			continue;
		case 0:
			refuse("550 5.7.1 the address in the From field is not yours");
		}
		put_off("451 4.3.0 unable to look up the From field");
	}
	if (r == -1)
		refuse("550 5.7.1 malformed From field");
	if (n == 0)
		refuse("550 5.7.1 the message has no From field");
}

static void
pass_on(const char *s, size_t len)
{
	if (cut || deadline_write_all(sink.message, s, len, SINK_SECONDS) == 0)
		return;
	/* One that ended early says why, or its exit code does. */
	if (errno == EPIPE) {
		cut = 1;
		return;
	}
	carpsys("unable to write to the next sink");
	put_off("451 4.3.0 unable to hand the message on");
}

/* Returns the bytes read, 0 at the end. */
static size_t
read_some(int fd, char *s, size_t len, const char *what)
{
	ssize_t r;

	do
		r = read(fd, s, len);
	while (r == -1 && errno == EINTR);
	if (r == -1) {
		carpsys("unable to read ", what);
		sink_abort(&sink);
		exit(READ_FAILED);
	}
	return (size_t)r;
}

/* Pipe the message through; user is null when its From field does not matter. */
static void
pass_message(const char *user)
{
	static char block[BLOCK];
	static stralloc out;
	size_t len, taken;

	while ((len = read_some(0, block, sizeof block, "the message"))) {
		taken = 0;
		if (!fix.ended) {
			out.len = 0;
			taken = header_fix_feed(&fix, &out, block, len);
			if (fix.ended && user)
				check_from(user);
			pass_on(out.s, out.len);
		}
		pass_on(block + taken, len - taken);
	}
	if (fix.ended)
		return;
	out.len = 0;
	header_fix_end(&fix, &out);
	if (user)
		check_from(user);
	pass_on(out.s, out.len);
}

/* Whose From field is to be checked, or null. */
static const char *
find_user(void)
{
	const char *user = getenv("AUTHUSER");

	return user && *user && control_need_number("checkfrom", 0) ? user : NULL;
}

int
main(int argc, char **argv)
{
	static stralloc envelope, report;
	static char block[4096];
	const char *user;
	size_t len;
	int verdict;

	errmsg_iam("submission-fix");
	if (argc < 2)
		die(DEFER, "usage: submission-fix sink [argument...]");
	report_fd = find_report();
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	prepare();
	user = find_user();
	if (sink_start(&sink, (const char *const *)argv + 1) == -1)
		diesys(DEFER, "unable to start ", argv[1]);

	pass_message(user);
	while ((len = read_some(1, block, sizeof block, "the envelope"))) {
		text_catb(&envelope, block, len);
		if (envelope.len > ENVELOPE_MAX)
			refuse("552 5.5.3 the envelope is too long");
	}
	verdict = sink_finish(&sink, envelope.s, envelope.len, &report, SINK_SECONDS);
	text_terminate(&report);
	if (verdict == ACCEPT && cut)
		verdict = DEFER;
	conclude(verdict == ACCEPT   ? 0
		 : verdict == REJECT ? REFUSED
				     : PUT_OFF,
	    verdict_letter(verdict), report.s);
}
