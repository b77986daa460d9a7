/* queue-bounce: tell a sender what became of a message. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/control.h"
#include "lib/datetime.h"
#include "lib/durable.h"
#include "lib/home.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "queue/age.h"
#include "queue/custodian.h"
#include "queue/double_bounce.h"
#include "queue/owed.h"
#include "report/bounce.h"
#include "report/field.h"
#include "report/human.h"
#include "report/status_part.h"
#include "report/tries.h"

#define MAX_BYTES 51200 /* of the original message that go with a report */
#define MAX_BYTES_EVER 16777216
#define ID_AT_END(path) ((path) + strlen(path) - QUEUEID_LEN)
#define USAGE "usage: queue-bounce [-d] file"

static struct bounce bounce;
static struct tries **tries;
static stralloc from, human, status, out;
static char boundary[QUEUEID_LEN + 1], id[QUEUEID_LEN + 1];

/* Returns the file's path. */
static const char *
take_arguments(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "-d") == 0)
		bounce.delays = 1;
	else if (argc == 3 && strcmp(argv[1], "--") != 0)
		die(DEFER, USAGE);
	if ((argc != 2 && argc != 3) || (argc == 2 && *argv[1] == '-'))
		die(DEFER, USAGE);
	return argv[argc - 1];
}

static void
read_control(void)
{
	stralloc host = {0};
	unsigned long long lifetime = control_need_number("queuelifetime", AGE_LIFETIME);

	control_need_me(&bounce.me);
	control_need_line("bouncefrom", &from, "MAILER-DAEMON");
	control_need_line("bouncehost", &host, bounce.me.s);
	text_cat(&from, "@", host.s, (char *)NULL);
	text_terminate(&from);
	stralloc_free(&host);
	bounce.lifetime = lifetime < INT32_MAX ? lifetime : INT32_MAX;
	if (double_bounce_to(&bounce.double_bounce_to) == -1)
		die(DEFER, "unable to tell who gets the bounces of bounces");
}

/*
 * RFC 3461, 4.3: what RET asks for goes for failures, all else needs the header only; so
 * does what must not go where it would not be encrypted: RFC 8689, 5.
 */
static int
wants_header_only(void)
{
	const struct envelope *e = &bounce.file.envelope;
	const char *ret = envelope_parameter(e, "RET");

	return (ret != NULL && strcasecmp(ret, "HDRS") == 0) ||
	       envelope_parameter(e, "REQUIRETLS") != NULL ||
	       !bounce_has(&bounce, "failed");
}

static void
read_file(const char *path)
{
	unsigned long long max = control_need_number("bouncemaxbytes", MAX_BYTES);
	struct file *f = &bounce.file;
	const char *why;
	int r = file_open(f, path, 0, &why);

	if (r == 0)
		die(REJECT, path, ": ", why);
	if (r == -1)
		diesys(DEFER, "unable to open ", path);
	if (bounce_next(&bounce, 0) == f->envelope.count)
		die(REJECT, path, ": nothing to report");
	bounce.last = history_make(f);
	if (history_read(f, bounce.last) == -1 || tries_read(&tries, &bounce) == -1 ||
	    original_read(&bounce.original, f,
		max < MAX_BYTES_EVER ? max : MAX_BYTES_EVER, wants_header_only()) == -1)
		diesys(DEFER, "unable to read ", path);
	bounce.utf8 = owed_speaks_utf8(&f->envelope);
	if (strlen(path) >= QUEUEID_LEN && queueid_is(ID_AT_END(path)))
		bounce.original_id = ID_AT_END(path);
}

static int
is_in(const stralloc *sa, const char *s)
{
	return sa->len > 0 && memmem(sa->s, sa->len, s, strlen(s)) != NULL;
}

/* What must not occur in any part can't be guessed, and is looked for all the same. */
static void
choose_boundary(void)
{
	do
		if (queueid_make(boundary) == -1)
			diesys(DEFER, "unable to make a boundary");
	while (is_in(&human, boundary) || is_in(&status, boundary) ||
	       is_in(&bounce.original.bytes, boundary));
}

static const char *
encoding_of(const stralloc *part)
{
	return field_has_eight(part) ? "Content-Transfer-Encoding: 8bit\n" : "";
}

static void
put_header(void)
{
	const char *sender = bounce.file.envelope.sender;
	const char *to = *sender ? sender : bounce.double_bounce_to.s;
	const char *message_id = bounce.original.message_id.s;
	int eight = field_has_eight(&human) || field_has_eight(&status) ||
		    field_has_eight(&bounce.original.bytes);
	char date[DATETIME_MAX];

	field_put(&out, "Date", datetime_rfc5322(date, time(NULL)), 0);
	text_cat(&out, "From: Mail Delivery System <", from.s, ">\nTo: <", (char *)NULL);
	field_put_line(&out, to, bounce.utf8);
	text_cat(&out, ">\nSubject: ", human_subject(&bounce), "\nMessage-ID: <", id, "@",
	    bounce.me.s, ">\n", (char *)NULL);
	if (*message_id)
		text_cat(&out, "In-Reply-To: ", message_id, "\nReferences: ", message_id,
		    "\n", (char *)NULL);
	text_cat(&out,
	    "Auto-Submitted: auto-replied\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: multipart/report; report-type=delivery-status;\n"
	    "    boundary=\"",
	    boundary, "\"\n", eight ? "Content-Transfer-Encoding: 8bit\n" : "", "\n",
	    (char *)NULL);
}

static void
put_part(const char *type, const char *description, const stralloc *content)
{
	text_cat(&out, "--", boundary, "\nContent-Type: ", type,
	    "\nContent-Description: ", description, "\n", encoding_of(content), "\n",
	    (char *)NULL);
	text_catb(&out, content->s, content->len);
	text_cat(&out, "\n", (char *)NULL);
}

/* RFC 6522, 3 and RFC 6533, 4 */
static const char *
original_type(void)
{
	const struct original *o = &bounce.original;
	int global = bounce.utf8 && o->header_eight;

	if (o->whole)
		return global ? "message/global" : "message/rfc822";
	return global ? "message/global-headers" : "text/rfc822-headers";
}

static const char *
original_description(void)
{
	const struct original *o = &bounce.original;

	if (o->whole)
		return "Original message";
	return o->cut ? "Beginning of the original message's header"
		      : "Original message's header";
}

static void
put_report(void)
{
	put_header();
	put_part(field_has_eight(&human) ? "text/plain; charset=utf-8"
					 : "text/plain; charset=us-ascii",
	    "Notification", &human);
	put_part(status_part_is_global(&bounce) ? "message/global-delivery-status"
						: "message/delivery-status",
	    "Delivery report", &status);
	put_part(original_type(), original_description(), &bounce.original.bytes);
	text_cat(&out, "--", boundary, "--\n", (char *)NULL);
}

int
main(int argc, char **argv)
{
	const char *path;

	errmsg_iam("queue-bounce");
	path = take_arguments(argc, argv);
	home_enter();
	if (custodian_become() == -1)
		die(DEFER, "unable to work in ", home_path(), "/queue");
	read_control();
	read_file(path);
	if (queueid_take(id) == -1)
		diesys(DEFER, "unable to make a message ID");

	human_put(&human, &bounce, tries);
	status_part_put(&status, &bounce);
	choose_boundary();
	put_report();
	if (durable_write(1, out.s, out.len) == -1)
		diesys(DEFER, "unable to write the report");
	return ACCEPT;
}
