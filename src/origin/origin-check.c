/* origin-check: verify where a message comes from, then pipe it on.
 */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/client.h"
#include "lib/control.h"
#include "lib/filter.h"
#include "lib/home.h"
#include "lib/log.h"
#include "lib/lower.h"
#include "lib/queueid.h"
#include "lib/sink.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "origin/assessment.h"
#include "origin/exempt.h"
#include "origin/incoming.h"
#include "origin/kept.h"
#include "origin/tally_write.h"

#define BLOCK 65536
#define SINK_SECONDS 300
#define MARK "X-Facteur-Quarantine: dmarc\n"

static char id[QUEUEID_LEN + 1];
static struct sink sink;
static const char *const *next; /* the next sink's argv */
static int is_started;
static int report_fd = -1;

static stralloc name;
static enum assessment_mode mode;
static struct assessment assessment = {.dns = DNS_CLIENT_NONE};
static struct incoming incoming;
static struct kept kept;

/*
 * How far we are with a message: it is kept until there is a judgement, and until its
 * end, if that is near, so that the next sink gets it in one piece.
 */
static enum { KEEPING, PASSING } state;
static int is_asked; /* the DNS: the header is over */
static int is_over;  /* the message is */

static void __attribute__((noreturn)) conclude(int verdict, const char *text)
{
	if (is_started)
		sink_abort(&sink);
	exit(filter_report(report_fd, verdict, text));
}

static void __attribute__((noreturn)) fail_reading(const char *what)
{
	carpsys("unable to read ", what);
	if (is_started)
		sink_abort(&sink);
	exit(FILTER_READ_FAILED);
}

/* Returns 0; 1 when the next sink does not want it all, and says why at the end: -1 would
 * be kept_pass's own failure. */
static int
pass_on(const char *s, size_t len)
{
	if (len == 0 || sink_write(&sink, s, len, SINK_SECONDS) == 0)
		return 0;
	if (errno == EPIPE)
		return 1;
	carpsys("unable to write to the next sink");
	conclude(DEFER, "451 4.3.0 unable to hand the message on");
}

static void
start_next(void)
{
	if (sink_start(&sink, next) == -1) {
		carpsys("unable to start ", *next);
		conclude(DEFER, "451 4.3.0 unable to hand the message on");
	}
	is_started = 1;
	state = PASSING;
}

static void
log_judgement(enum dmarc_policy disposition)
{
	const struct assessment *a = &assessment;
	const struct dmarc_result *worst = a->worst;
	stralloc dkim = {0};
	size_t i;

	for (i = 0; i < a->verify.count; i++)
		text_cat(&dkim, i ? "," : "", verify_word(a->verify.results[i].verdict),
		    ":", a->verify.results[i].signature.domain, (char *)NULL);
	text_terminate(&dkim);
	log_event(id, "origin", "from", worst != NULL ? worst->author : NULL, "spf",
	    a->spf.result, "dkim", a->verify.count ? dkim.s : "none", "dmarc",
	    worst != NULL ? dmarc_outcome_word(worst->outcome) : "none", "policy",
	    worst != NULL && worst->record != NULL ? dmarc_record_word(worst->policy)
						   : NULL,
	    "exempt", a->exempt, "disposition",
	    disposition != DMARC_NONE ? dmarc_record_word(disposition) : NULL,
	    (char *)NULL);
	stralloc_free(&dkim);
}

/* Keep the result for the reports, if there are any. */
static void
keep_result(void)
{
	static stralloc organisation;
	const char *ip = getenv("TCPREMOTEIP");

	if (ip == NULL || control_line("dmarcreport", &organisation, NULL) != 1 ||
	    organisation.len == 0)
		return;
	if (tally_write(&assessment, mode, ip, time(NULL)) == -1)
		carpsys("unable to keep a result for the reports in ", TALLY_FOLDER);
}

/* Put the fields above the message. */
static void
put_above(const stralloc *field)
{
	if (kept_put_above(&kept, field->s, field->len) == -1)
		pass_on(field->s, field->len);
}

/* All that is needed has come: judge; the message is refused, or begins to be handed on.
 */
static void
judge(void)
{
	static stralloc field, reason;
	enum dmarc_policy disposition;
	const char *rest;
	size_t len;

	assessment.exempt =
	    exempt_find(getenv("TCPREMOTEIP"), getenv("SENDER"), getenv("SPF_RESULT"));
	assessment_conclude(&assessment);
	disposition = assessment_disposition(&assessment, mode, &reason);
	log_judgement(disposition);
	keep_result();
	if (disposition == DMARC_REJECT)
		conclude(REJECT, reason.s);
	start_next();
	assessment_put_field(&assessment, &field, name.s);
	if (disposition == DMARC_QUARANTINE)
		text_cat(&field, MARK, (char *)NULL);
	put_above(&field);
	if (is_over && !kept.is_spooling) {
		rest = kept_memory(&kept, &len);
		sink_last(&sink, rest, len);
		return;
	}
	if (kept_pass(&kept, pass_on) == -1) {
		carpsys("unable to keep the message");
		conclude(DEFER, "451 4.3.0 unable to keep the message");
	}
}

static void
take(const char *s, size_t len)
{
	/* without signatures nothing else is needed */
	if (state == KEEPING && is_asked && assessment.verify.count == 0 &&
	    !kept_has_room(&kept, len))
		judge();
	if (state == PASSING) {
		pass_on(s, len);
	} else if (kept_put(&kept, s, len) == -1) {
		carpsys("unable to keep the message");
		conclude(DEFER, "451 4.3.0 unable to keep the message");
	}
}

/* The header is over. */
static void
end_header(void)
{
	assessment_ask(&assessment, &incoming);
	is_asked = 1;
}

/* A piece of the message. */
static void
feed(const char *s, size_t len, int is_checked)
{
	static stralloc out;
	size_t taken = 0;

	/* without signatures it is not looked at any more when its header is over */
	if (is_checked && (!is_asked || assessment.verify.count > 0))
		verify_feed(&assessment.verify, s, len);
	if (!incoming.ended) {
		out.len = 0;
		taken = incoming_feed(&incoming, &out, s, len);
		take(out.s, out.len);
		if (incoming.ended && is_checked)
			end_header();
	}
	take(s + taken, len - taken);
}

/* The message is over. */
static void
end_message(int is_checked)
{
	static stralloc out;

	if (!incoming.ended) {
		out.len = 0;
		incoming_end(&incoming, &out);
		take(out.s, out.len);
		if (is_checked) {
			assessment_end(&assessment);
			end_header();
		}
	}
	is_over = 1;
	if (is_checked && state == KEEPING)
		judge();
}

/*
 * Is the message to be checked?  Those of our own clients are not.  Users are believed no
 * field that is ours to write; other machines of ours may have written it.
 */
static int
is_to_be_checked(void)
{
	int is_ours = client_is_authorised();
	const char *user = getenv("AUTHUSER");

	if (is_ours == -1)
		conclude(DEFER, "451 4.3.0 unable to look up the client");
	if (!is_ours)
		return 1;
	incoming.ended = user == NULL || *user == '\0';
	start_next();
	return 0;
}

static void
read_settings(void)
{
	static stralloc word, me;

	control_need_me(&me);
	control_need_line("authservid", &name, NULL);
	if (name.len == 0)
		text_catb(&name, me.s, me.len);
	lower_bytes(name.s, name.len);
	text_terminate(&name);
	incoming.name = name.s;
	control_need_line("dmarc", &word, "mark");
	text_terminate(&word);
	if (strcmp(word.s, "reject") == 0)
		mode = ASSESSMENT_REJECT;
	else if (strcmp(word.s, "mark") != 0)
		die(DEFER, "unable to understand control/dmarc: neither mark nor reject");
}

int
main(int argc, char **argv)
{
	static stralloc envelope, report;
	static char block[BLOCK];
	int is_checked, verdict;
	ssize_t r;

	errmsg_iam("origin-check");
	if (argc < 2 || *argv[1] == '-')
		die(DEFER, "usage: origin-check sink [argument...]");
	next = (const char *const *)argv + 1;
	report_fd = filter_report_fd();
	home_enter();
	signal(SIGPIPE, SIG_IGN);
	if (queueid_take(id) == -1)
		diesys(DEFER, "unable to make a message ID");
	read_settings();
	is_checked = is_to_be_checked();

	while ((r = filter_read(0, block, sizeof block)) > 0)
		feed(block, (size_t)r, is_checked);
	if (r == -1)
		fail_reading("the message");
	end_message(is_checked);
	if (filter_envelope(&envelope) == -1) {
		if (errno == E2BIG)
			conclude(REJECT, "552 5.5.3 the envelope is too long");
		fail_reading("the envelope");
	}
	verdict = sink_finish(&sink, envelope.s, envelope.len, &report, SINK_SECONDS);
	text_terminate(&report);
	return filter_report(report_fd, verdict, report.s);
}
