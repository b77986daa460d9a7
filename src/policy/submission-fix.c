/* submission-fix: complete the header of a message of our own clients, then pipe it on.
 */

#include <errno.h>
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
#include "lib/filter.h"
#include "lib/from_addresses.h"
#include "lib/header_fix.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/sink.h"
#include "lib/sink_time.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "policy/sender_rights.h"

#define BLOCK 65536

static char id[QUEUEID_LEN + 1];
static struct sink sink;
static struct header_fix fix;
static int report_fd = -1;
static int64_t since; /* when the caller may have begun to wait */

static void __attribute__((noreturn)) refuse(const char *text)
{
	log_event(id, "refused", "text", text, "user", getenv("AUTHUSER"), (char *)NULL);
	sink_abort(&sink);
	exit(filter_report(report_fd, REJECT, text));
}

static void __attribute__((noreturn)) put_off(const char *text)
{
	sink_abort(&sink);
	exit(filter_report(report_fd, DEFER, text));
}

/* Make what is to be added where it is missing. */
static void
prepare(void)
{
	static stralloc date, message_id, from, me;
	const char *user = getenv("AUTHUSER");
	char buf[DATETIME_MAX];

	if (queueid_take(id) == -1)
		diesys(DEFER, "unable to make a message ID");
	control_need_me(&me);
	text_terminate(&me);
	text_cat(&date, "Date: ", datetime_rfc5322(buf, time(NULL)), "\n", (char *)NULL);
	text_terminate(&date);
	text_cat(&message_id, "Message-ID: <", id, "@", me.s, ">\n", (char *)NULL);
	text_terminate(&message_id);
	fix.date = date.s;
	fix.message_id = message_id.s;
	if (user == NULL || *user == '\0')
		return;
	text_cat(&from, "From: <", user, ">\n", (char *)NULL);
	text_terminate(&from);
	fix.from_added = from.s;
}

static void __attribute__((noreturn))
refuse_field(const char *before, const char *name, const char *after)
{
	static stralloc text;

	text_cat(&text, "550 5.7.1 ", before, name, after, (char *)NULL);
	text_terminate(&text);
	refuse(text.s);
}

/*
 * Are all addresses of the field of that name those of who has authenticated?  One that
 * is not there is good.  Does not return when not.
 */
static void
check_field(const char *user, const struct header_fix_field *field, const char *name)
{
	static stralloc address;
	size_t at = 0, n = 0;
	int r;

	if (field->count == 0)
		return;
	/* What one field begins, a comment say, another must not end. */
	if (field->count > 1)
		refuse_field("more than one ", name, " field");
	if (field->is_too_long)
		refuse_field("", name, " field too long");
	while ((r = from_addresses_next(
		    field->value.s, field->value.len, &at, &address)) == 1) {
		n++;
		switch (sender_rights_has(user, address.s, address.len)) {
		case 1:
			continue;
		case 0:
			refuse_field("the address in the ", name, " field is not yours");
		}
		put_off("451 4.3.0 unable to look up the addresses in the header");
	}
	if (r == -1)
		refuse_field("malformed ", name, " field");
	if (n == 0)
		refuse_field("the ", name, " field has no address");
}

/* Those who are shown as having written and sent it: RFC 5322, 3.6.2. */
static void
check_originators(const char *user)
{
	check_field(user, &fix.from, "From"); /* without one it has got his own */
	check_field(user, &fix.sender, "Sender");
}

static void
pass_on(const char *s, size_t len)
{
	/* One that does not want it all says why at the end. */
	if (sink_write(&sink, s, len, SINK_TIME_SECONDS) == 0 || errno == EPIPE)
		return;
	carpsys("unable to write to the next sink");
	put_off("451 4.3.0 unable to hand the message on");
}

static void __attribute__((noreturn)) fail_reading(const char *what)
{
	carpsys("unable to read ", what);
	sink_abort(&sink);
	exit(FILTER_READ_FAILED);
}

/* Pipe the message through; user is null when it does not matter from whom it is. */
static void
pass_message(const char *user)
{
	static char block[BLOCK];
	static stralloc out;
	size_t len, taken;
	ssize_t r;

	while ((r = filter_read_timed(0, block, sizeof block, &since)) > 0) {
		len = (size_t)r;
		taken = 0;
		if (!fix.ended) {
			out.len = 0;
			taken = header_fix_feed(&fix, &out, block, len);
			if (fix.ended && user != NULL)
				check_originators(user);
			pass_on(out.s, out.len);
		}
		pass_on(block + taken, len - taken);
	}
	if (r == -1)
		fail_reading("the message");
	if (fix.ended)
		return;
	out.len = 0;
	header_fix_end(&fix, &out);
	if (user != NULL)
		check_originators(user);
	pass_on(out.s, out.len);
}

/* Whose fields From and Sender are to be checked, or null. */
static const char *
find_user(void)
{
	const char *user = getenv("AUTHUSER");

	return user != NULL && *user && control_need_number("checkfrom", 1) ? user : NULL;
}

int
main(int argc, char **argv)
{
	static stralloc envelope, report;
	const char *user;
	unsigned seconds;
	int verdict;

	errmsg_iam("submission-fix");
	if (argc < 2 || *argv[1] == '-')
		die(DEFER, "usage: submission-fix sink [argument...]");
	report_fd = filter_report_fd();
	since = deadline_now();
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	prepare();
	user = find_user();
	if (sink_time_hand_on(0) == -1 ||
	    sink_start(&sink, (const char *const *)argv + 1) == -1)
		diesys(DEFER, "unable to start ", argv[1]);

	pass_message(user);
	if (filter_envelope(&envelope) == -1) {
		if (errno == E2BIG)
			refuse("552 5.5.3 the envelope is too long");
		fail_reading("the envelope");
	}
	seconds = sink_time_left(sink_time_until(since));
	if (seconds == 0 || !filter_is_awaited(report_fd))
		put_off("451 4.3.0 reading the message took too long");
	verdict = sink_finish(&sink, envelope.s, envelope.len, &report, seconds);
	text_terminate(&report);
	return filter_report(report_fd, verdict, report.s);
}
