/* queue-bounce: tell a sender what could not be delivered, and why. */

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
#include "lib/xtext.h"
#include "queue/bounce_words.h"
#include "queue/bounce_write.h"
#include "queue/queue_history.h"
#include "queue/queue_settings.h"

#define MAX_BYTES 51200 /* of the original message that go with a bounce */
#define MAX_BYTES_EVER 16777216
#define ID_AT_END(path) ((path) + strlen(path) - QUEUEID_LEN)

static struct queue_file file;
static struct queue_last *last; /* of each recipient */
static stralloc me, from, original, out;
static struct queue_settings settings;
static enum bounce_original kind;
static int eight;
static char boundary[QUEUEID_LEN + 1], id[QUEUEID_LEN + 1];
static const char *original_id; /* of the message, null when its file has another name */

static void
read_control(void)
{
	stralloc host = {0};

	control_need_me(&me);
	control_need_line("bouncefrom", &from, "MAILER-DAEMON");
	control_need_line("bouncehost", &host, me.s);
	text_cat(&from, "@", host.s, (char *)0);
	text_terminate(&from);
	stralloc_free(&host);
	if (queue_settings_read(&settings) == -1)
		die(DEFER, "unable to read the settings");
}

/* The first recipient from i on whose failure is to be reported. */
static size_t
next_failure(size_t i)
{
	while (i < file.envelope.count && file.recipients[i].state != 'D')
		++i;
	return i;
}

static int
wants_header_only(void)
{
	const char *ret = envelope_parameter(&file.envelope, "RET");

	return ret && strcasecmp(ret, "HDRS") == 0;
}

static void
read_file(const char *path)
{
	unsigned long long max = control_need_number("bouncemaxbytes", MAX_BYTES);
	const char *why;
	int r = queue_file_open(&file, path, 0, &why);

	if (r == 0)
		die(REJECT, path, ": ", why);
	if (r == -1)
		diesys(DEFER, "unable to open ", path);
	last = queue_history_make(&file);
	if (queue_history_read(&file, last) == -1)
		diesys(DEFER, "unable to read ", path);
	if (next_failure(0) == file.envelope.count)
		die(REJECT, path, ": no failure to report");
	kind = bounce_put_original(&original, &file,
	    max < MAX_BYTES_EVER ? max : MAX_BYTES_EVER, wants_header_only(), &eight);
	if (kind == BOUNCE_ERROR)
		diesys(DEFER, "unable to read ", path);
	if (strlen(path) >= QUEUEID_LEN && queueid_is(ID_AT_END(path)))
		original_id = ID_AT_END(path);
}

static int
is_double(void)
{
	return file.envelope.sender[0] == '\0';
}

static void
put_header(void)
{
	const char *to = is_double() ? settings.double_bounce_to.s : file.envelope.sender;
	char date[DATETIME_MAX];

	bounce_put_field(&out, "Date", datetime_rfc5322(date, time(NULL)));
	text_cat(&out, "From: Mail Delivery System <", from.s, ">\n", (char *)0);
	text_cat(&out, "To: <", (char *)0);
	text_cat_printable(&out, to, strlen(to), 900);
	text_cat(&out, ">\nSubject: ",
	    is_double() ? "Undeliverable bounce" : "Undelivered mail returned to sender",
	    "\nMessage-ID: <", id, "@", me.s,
	    ">\nAuto-Submitted: auto-replied\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: multipart/report; report-type=delivery-status;\n"
	    "    boundary=\"",
	    boundary, "\"\n", eight ? "Content-Transfer-Encoding: 8bit\n" : "", "\n",
	    (char *)0);
}

static void
begin_part(const char *type)
{
	text_cat(&out, "--", boundary, "\nContent-Type: ", type, "\n", (char *)0);
}

static void
put_failure_for_humans(size_t i)
{
	stralloc line = {0};

	text_cat(&line, "<", file.envelope.recipients[i].address, ">:", (char *)0);
	text_terminate(&line);
	bounce_put_paragraph(&out, "", line.s);
	bounce_put_paragraph(&out, "", last[i].text.s);
	bounce_put_paragraph(&out, "", bounce_advice(last[i].status.s));
	text_cat(&out, "\n", (char *)0);
	stralloc_free(&line);
}

/* In the words and marks of qmail's bounces, which many programs look for. */
static void
put_human_part(void)
{
	stralloc line = {0};

	begin_part("text/plain; charset=us-ascii\nContent-Description: Notification");
	text_cat(&line, "Hi. This is the mail system at ", me.s, ".", (char *)0);
	text_terminate(&line);
	text_cat(&out, "\n", (char *)0);
	bounce_put_paragraph(&out, "", line.s);
	bounce_put_paragraph(&out, "",
	    is_double()
		? "I tried to deliver a bounce message, but it could not be delivered "
		  "either."
		: "I'm sorry to have to tell you that your message could not be "
		  "delivered "
		  "to the following addresses. I've given up on them; what their servers "
		  "said stands below each.");
	text_cat(&out, "\n", (char *)0);
	for (size_t i = next_failure(0); i < file.envelope.count; i = next_failure(i + 1))
		put_failure_for_humans(i);
	bounce_put_paragraph(&out, "",
	    kind == BOUNCE_WHOLE ? "--- A copy of your message is attached."
				 : "--- The header of your message is attached.");
	text_cat(&out, "\n", (char *)0);
	stralloc_free(&line);
}

static void
put_diagnostic(const char *text)
{
	struct bounce_words words;
	stralloc value = {0};

	bounce_words_parse(&words, text);
	if (words.host) {
		text_cat(&value, "dns; ", (char *)0);
		text_catb(&value, words.host, words.host_len);
		text_terminate(&value);
		bounce_put_field(&out, "Remote-MTA", value.s);
	}
	value.len = 0;
	text_cat(&value, words.host ? "smtp; " : "x-facteur; ", words.reply, (char *)0);
	text_terminate(&value);
	bounce_put_field(&out, "Diagnostic-Code", value.s);
	stralloc_free(&value);
}

/* A field made of prefix and what the client gave as xtext, when that is sound. */
static void
put_decoded(const char *name, const char *prefix, const char *xtext)
{
	stralloc value = {0};
	ssize_t len;

	if (!xtext || !xtext_is_printable(xtext, strlen(xtext)))
		return;
	text_cat(&value, prefix, xtext, (char *)0);
	len = xtext_decode(value.s + strlen(prefix), xtext, strlen(xtext));
	value.len = strlen(prefix) + len;
	text_terminate(&value);
	bounce_put_field(&out, name, value.s);
	stralloc_free(&value);
}

/* ORCPT: type;xtext */
static void
put_original_recipient(const char *orcpt)
{
	const char *semicolon = orcpt ? strchr(orcpt, ';') : NULL;
	stralloc type = {0};

	if (!semicolon)
		return;
	text_catb(&type, orcpt, semicolon + 1 - orcpt);
	text_cat(&type, " ", (char *)0);
	text_terminate(&type);
	put_decoded("Original-Recipient", type.s, semicolon + 1);
	stralloc_free(&type);
}

static void
put_failure(size_t i)
{
	const char *status = last[i].status.s;
	char date[DATETIME_MAX];

	text_cat(&out, "\n", (char *)0);
	put_original_recipient(envelope_recipient_parameter(&file.envelope, i, "ORCPT"));
	bounce_put_address_field(
	    &out, "Final-Recipient", file.envelope.recipients[i].address);
	text_cat(&out, "Action: failed\nStatus: ",
	    status[0] == '5' || status[0] == '4' ? status : "5.0.0", "\n", (char *)0);
	put_diagnostic(last[i].text.s);
	bounce_put_field(&out, "Last-Attempt-Date", datetime_rfc5322(date, last[i].time));
}

static void
put_status_part(void)
{
	char date[DATETIME_MAX];

	begin_part("message/delivery-status\nContent-Description: Delivery report\n");
	text_cat(&out, "Reporting-MTA: dns; ", me.s, "\n", (char *)0);
	put_decoded(
	    "Original-Envelope-Id", "", envelope_parameter(&file.envelope, "ENVID"));
	if (original_id)
		bounce_put_field(&out, "Arrival-Date",
		    datetime_rfc5322(date, queueid_time(original_id) / 1000000));
	for (size_t i = next_failure(0); i < file.envelope.count; i = next_failure(i + 1))
		put_failure(i);
	text_cat(&out, "\n", (char *)0);
}

static void
put_original_part(void)
{
	begin_part(kind == BOUNCE_WHOLE
		       ? "message/rfc822\nContent-Description: Undelivered message"
		       : "text/rfc822-headers\nContent-Description: Undelivered "
			 "message's header");
	text_cat(&out, eight ? "Content-Transfer-Encoding: 8bit\n" : "", "\n", (char *)0);
	text_catb(&out, original.s, original.len);
	text_cat(&out, "\n--", boundary, "--\n", (char *)0);
}

int
main(int argc, char **argv)
{
	errmsg_iam("queue-bounce");
	if (argc != 2)
		die(DEFER, "usage: queue-bounce file");
	home_enter();
	read_control();
	read_file(argv[1]);
	if (queueid_make(boundary) == -1 || queueid_take(id) == -1)
		diesys(DEFER, "unable to make a boundary");

	put_header();
	put_human_part();
	put_status_part();
	put_original_part();
	if (durable_write(1, out.s, out.len) == -1)
		diesys(DEFER, "unable to write the report");
	return ACCEPT;
}
