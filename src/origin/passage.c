#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "lib/client.h"
#include "lib/control.h"
#include "lib/log.h"
#include "lib/lower.h"
#include "lib/sink_time.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "origin/exempt.h"
#include "origin/passage.h"
#include "origin/tally_write.h"

extern char **environ;

#define MARK "X-Facteur-Quarantine: dmarc\n"

static void
conclude(struct passage *p, int verdict, const char *text)
{
	passage_abort(p);
	p->conclude(verdict, text);
}

/* Returns 0; 1 when the next sink does not want it all, and says why at the end: -1 would
 * be kept_pass's own failure. */
static int
pass_on(void *passage, const char *s, size_t len)
{
	struct passage *p = passage;

	if (len == 0 || sink_write(&p->sink, s, len, SINK_TIME_SECONDS) == 0)
		return 0;
	if (errno == EPIPE)
		return 1;
	carpsys("unable to write to the next sink");
	conclude(p, DEFER, "451 4.3.0 unable to hand the message on");
	return 1;
}

static void
start_next(struct passage *p)
{
	int r = sink_service_path(p->next) != NULL
		    ? 0
		    : sink_time_hand_on(p->is_over ? sink_time_until(p->since) : 0);

	if (r == 0)
		r = p->service != NULL ? sink_start_kept(&p->sink, p->next, p->service)
				       : sink_start(&p->sink, p->next);

	if (r == -1) {
		carpsys("unable to start ", *p->next);
		conclude(p, DEFER, "451 4.3.0 unable to hand the message on");
	}
	p->is_started = 1;
	p->is_passing = 1;
}

static void
log_judgement(const struct passage *p, enum dmarc_policy disposition)
{
	const struct assessment *a = &p->assessment;
	const struct dmarc_result *worst = a->worst;
	stralloc dkim = {0};
	size_t i;

	for (i = 0; i < a->verify.count; i++)
		text_cat(&dkim, i ? "," : "", verify_word(a->verify.results[i].verdict),
		    ":", a->verify.results[i].signature.domain, (char *)NULL);
	text_terminate(&dkim);
	log_event(p->id, "origin", "from", worst != NULL ? worst->author : NULL, "spf",
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
keep_result(const struct passage *p)
{
	const char *ip = getenv("TCPREMOTEIP");
	stralloc organisation = {0};

	if (ip != NULL && control_line("dmarcreport", &organisation, NULL) == 1 &&
	    organisation.len > 0 &&
	    tally_write(&p->assessment, p->mode, ip, time(NULL)) == -1)
		carpsys("unable to keep a result for the reports in ", TALLY_FOLDER);
	stralloc_free(&organisation);
}

/* Put the fields above the message. */
static void
put_above(struct passage *p, enum dmarc_policy disposition)
{
	stralloc field = {0};

	assessment_put_field(&p->assessment, &field, p->name.s);
	if (disposition == DMARC_QUARANTINE)
		text_cat(&field, MARK, (char *)NULL);
	if (kept_put_above(&p->kept, field.s, field.len) == -1)
		pass_on(p, field.s, field.len);
	stralloc_free(&field);
}

/* All that is needed has come: judge; the message is refused, or begins to be handed on.
 */
static void
judge(struct passage *p)
{
	enum dmarc_policy disposition;
	stralloc reason = {0};
	const char *rest;
	size_t len;

	p->assessment.exempt =
	    exempt_find(getenv("TCPREMOTEIP"), getenv("SENDER"), getenv("SPF_RESULT"));
	assessment_conclude(&p->assessment);
	disposition = assessment_disposition(&p->assessment, p->mode, &reason);
	log_judgement(p, disposition);
	keep_result(p);
	if (disposition == DMARC_REJECT)
		conclude(p, REJECT, reason.s);
	stralloc_free(&reason);
	start_next(p);
	put_above(p, disposition);
	if (p->is_over && !p->kept.is_spooling) {
		rest = kept_memory(&p->kept, &len);
		sink_last(&p->sink, rest, len);
		return;
	}
	if (kept_pass(&p->kept, pass_on, p) == -1) {
		carpsys("unable to keep the message");
		conclude(p, DEFER, "451 4.3.0 unable to keep the message");
	}
}

static void
take(struct passage *p, const char *s, size_t len)
{
	/* without signatures nothing else is needed */
	if (!p->is_passing && p->is_asked && p->assessment.verify.count == 0 &&
	    !kept_has_room(&p->kept, len))
		judge(p);
	if (p->is_passing) {
		pass_on(p, s, len);
	} else if (kept_put(&p->kept, s, len) == -1) {
		carpsys("unable to keep the message");
		conclude(p, DEFER, "451 4.3.0 unable to keep the message");
	}
}

/* The header is over. */
static void
end_header(struct passage *p)
{
	assessment_ask(&p->assessment, &p->incoming);
	p->is_asked = 1;
}

void
passage_feed(struct passage *p, const char *s, size_t len)
{
	stralloc out = {0};
	size_t taken = 0;

	/* without signatures it is not looked at any more when its header is over */
	if (p->is_checked && (!p->is_asked || p->assessment.verify.count > 0))
		verify_feed(&p->assessment.verify, s, len);
	if (!p->incoming.ended) {
		taken = incoming_feed(&p->incoming, &out, s, len);
		take(p, out.s, out.len);
		if (p->incoming.ended && p->is_checked)
			end_header(p);
	}
	take(p, s + taken, len - taken);
	stralloc_free(&out);
}

void
passage_end(struct passage *p)
{
	stralloc out = {0};

	if (!p->incoming.ended) {
		incoming_end(&p->incoming, &out);
		take(p, out.s, out.len);
		if (p->is_checked) {
			assessment_end(&p->assessment);
			end_header(p);
		}
	}
	stralloc_free(&out);
	p->is_over = 1;
	if (p->is_checked && !p->is_passing)
		judge(p);
}

int
passage_finish(struct passage *p, const stralloc *envelope, stralloc *report)
{
	unsigned seconds = sink_time_left(sink_time_until(p->since));
	int verdict;

	if (seconds == 0)
		conclude(p, DEFER, "451 4.3.0 looking at the message took too long");
	verdict = sink_finish(&p->sink, envelope->s, envelope->len, report, seconds);
	p->is_started = 0;
	text_terminate(report);
	return verdict;
}

void
passage_abort(struct passage *p)
{
	if (p->is_started)
		sink_abort(&p->sink);
	p->is_started = 0;
}

/* A word that is none must not keep all mail away: then nothing is refused. */
static void
read_settings(struct passage *p)
{
	stralloc word = {0};
	int wrong;

	control_need_line("authservid", &p->name, NULL);
	if (p->name.len == 0)
		control_need_me(&p->name);
	lower_bytes(p->name.s, p->name.len);
	text_terminate(&p->name);
	p->incoming.name = p->name.s;
	p->mode = ASSESSMENT_MARK;
	wrong = control_line("dmarc", &word, "mark") == -1;
	text_terminate(&word);
	if (wrong == 0 && strcmp(word.s, "reject") == 0)
		p->mode = ASSESSMENT_REJECT;
	else if (wrong == 0)
		wrong = strcmp(word.s, "mark") != 0;
	if (wrong && !p->is_alarmed)
		carp("unable to understand control/dmarc: neither mark nor reject; "
		     "nothing is refused");
	p->is_alarmed = wrong;
	stralloc_free(&word);
}

/*
 * Messages of our own clients are not checked.  Users are believed no field that is ours
 * to write; other machines of ours may have written it.
 */
void
passage_begin(struct passage *p)
{
	struct client client;

	read_settings(p);
	client_take(&client, environ);
	switch (client_may_relay(&client)) {
	case 0:
		p->is_checked = 1;
		break;
	case 1:
		p->is_checked = 0;
		p->incoming.ended = client.user == NULL;
		start_next(p);
		break;
	default:
		conclude(p, DEFER, "451 4.3.0 unable to look up the client");
	}
}

void
passage_clear(struct passage *p)
{
	assessment_clear(&p->assessment);
	incoming_clear(&p->incoming);
	kept_clear(&p->kept);
	p->is_passing = p->is_asked = p->is_over = 0;
}
