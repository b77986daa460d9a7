#include <string.h>

#include "lib/deadline.h"
#include "lib/text.h"
#include "send/delivery.h"
#include "send/delivery_log.h"
#include "send/remote_open.h"
#include "send/remote_path.h"
#include "send/tls_wish.h"
#include "send/transaction_fit.h"

void
delivery_begin(struct delivery *d, int verbose)
{
	memset(d, 0, sizeof(*d));
	d->session.transport.fd = -1;
	d->session.verbose = verbose;
}

void
delivery_end(struct delivery *d)
{
	remote_session_quit(&d->session);
	remote_session_part(&d->session);
	wrap_process_end(&d->session.wrap);
}

static int
has_open_recipients(const struct transaction_mail *mail)
{
	size_t i;

	for (i = 0; i < mail->count; i++)
		if (!mail->recipients[i].outcome.letter)
			return 1;
	return 0;
}

/* What a server has said counts for more than that another could not be reached. */
static void
settle(struct transaction_mail *mail, const struct outcome *fault)
{
	size_t i;

	for (i = 0; i < mail->count; i++) {
		struct transaction_recipient *r = &mail->recipients[i];

		if (!r->outcome.letter)
			outcome_copy(&r->outcome, r->held.letter ? &r->held : fault);
		outcome_free(&r->held);
		r->held.letter = 0;
	}
}

/*
 * A server that has taken nothing, and refused some recipients for now, leaves them to
 * the next one.  Those that another one before it has refused are told of it, too.
 */
static void
reopen(struct transaction_mail *mail)
{
	size_t i;

	for (i = 0; i < mail->count; i++)
		if (mail->recipients[i].outcome.letter == 'K')
			return;
	for (i = 0; i < mail->count; i++) {
		struct transaction_recipient *r = &mail->recipients[i];

		if (r->outcome.letter != 'Z' || r->may_be_taken)
			continue;
		outcome_copy(&r->held, &r->outcome);
		r->outcome.letter = 0;
	}
}

/*
 * What a server lacks for a mail with REQUIRETLS, or null; another one may have it, RFC
 * 8689, 4.2.1.  What nothing has promised is missing for good.  But a server of which
 * DANE, MTA-STS or control/tlspolicy say that it has TLS has it not just now, or somebody
 * between us does not want us to see it: that is not now.
 */
static const char *
lacks(const struct delivery *d, const struct target *target, int r, const char **status)
{
	const struct remote_session *s = &d->session;

	if (!d->destination.request.requires_tls || s->is_local)
		return NULL;
	*status = "5.7.30";
	if (r == 0 && !s->has_requiretls)
		return " does not offer REQUIRETLS, which the sender wants";
	*status = "5.7.10";
	/* who offers STARTTLS and has none just now may have it later */
	if (r == -1 && strcmp(s->tls.result, "starttls-not-supported") == 0 &&
	    !s->has_starttls && target->security->is_required_only)
		return " does not offer STARTTLS, and the sender wants REQUIRETLS";
	return NULL;
}

/* From now on the session, an old or a new one, has its time. */
static void
bound_session(struct delivery *d)
{
	int64_t until =
	    deadline_now() + DELIVERY_SESSION_SECONDS * INT64_C(1000) + d->data;

	d->session.until = until < d->until ? until : d->until;
}

static int
open_session(struct delivery *d, struct reach_host *host, int again, unsigned most,
    struct outcome *fault)
{
	struct remote_session *s = &d->session;
	const char *what, *status;
	struct outcome o = {0};
	int r;

	bound_session(d);
	d->begun = deadline_now();
	r = remote_open(s, &d->reach, host, &d->settings.way, again, most, &o);
	what = lacks(d, host->target, r, &status);
	if (what != NULL) {
		outcome_set(&o, 'D', status, s->peer, what, (char *)NULL);
		remote_session_quit(s);
		r = -1;
	}
	if (r == -1)
		outcome_merge(fault, &o);
	outcome_free(&o);
	return r;
}

/* As transaction_run; what TLS the session uses is noted for those who are judged in it.
 */
static int
run(struct remote_session *s, struct transaction_mail *mail, struct outcome *fault)
{
	struct transaction_recipient *r = mail->recipients, *end = r + mail->count;
	int result;

	for (; r < end; r++)
		if (!r->outcome.letter)
			r->tls[0] = '\0';
	result = transaction_run(s, mail, fault);
	for (r = mail->recipients; r < end; r++)
		if (r->outcome.letter && r->tls[0] == '\0')
			tls_use_text(&s->tls, r->tls);
	return result;
}

/* One session after the other with an address.  Whoever is open then may go on. */
static void
use_session(struct delivery *d, struct transaction_mail *mail, struct reach_host *host,
    struct outcome *fault)
{
	struct outcome last = {0};
	int r = run(&d->session, mail, &last);

	/* each fresh session has judged somebody, so there is an end */
	while (r == TRANSACTION_STALE) {
		delivery_end(d); /* a server may have room for one session of ours only */
		if (open_session(d, host, 1, 1, fault) == -1)
			break;
		r = run(&d->session, mail, &last);
	}
	if (r == -1) {
		remote_session_quit(&d->session);
		outcome_merge(fault, &last);
	}
	outcome_free(&last);
	reopen(mail);
}

/* Try the addresses of a host until no recipient is open. */
static void
try_host(struct delivery *d, struct transaction_mail *mail, struct reach_host *host,
    unsigned *tried, struct outcome *fault)
{
	while (*tried < DELIVERY_ADDRESSES && has_open_recipients(mail) &&
	       reach_has_more(host) && deadline_now() < d->until) {
		unsigned most = DELIVERY_ADDRESSES - *tried;
		int r;

		remote_session_quit(&d->session);
		host->failed = 0;
		host->last = REACH_NONE;
		r = open_session(d, host, 0, most, fault);
		*tried += host->failed;
		if (host->last == REACH_NONE)
			continue;
		++*tried;
		if (r == -1)
			continue;
		d->port = host->target->port;
		use_session(d, mail, host, fault);
		reach_note(&d->asked, &d->session, d->port);
	}
}

/* Try one host after the other; several may be one server, which is asked once. */
static void
try_targets(struct delivery *d, struct transaction_mail *mail, struct outcome *fault)
{
	struct reach_host host;
	unsigned tried = 0, hop = 0;

	while (has_open_recipients(mail)) {
		memset(&host, 0, sizeof(host));
		host.source = &d->destination.source;
		host.last = REACH_NONE;
		host.seconds = d->settings.seconds_connect;
		host.target = target_next(&d->destination, fault);
		if (host.target == NULL)
			break;
		/* the next hop is there for when the one before is down */
		if (d->destination.hop_number != hop)
			tried = 0;
		hop = d->destination.hop_number;
		reach_leave_out(&host, &d->asked);
		try_host(d, mail, &host, &tried, fault);
		if (tried >= DELIVERY_ADDRESSES)
			target_leave_hop(&d->destination);
	}
}

/*
 * A session that was kept may have ended meanwhile, or the server wants no more mail in
 * it: that is nobody's fault.
 */
static void
use_kept_session(struct delivery *d, struct transaction_mail *mail)
{
	struct outcome ignored = {0};

	if (d->session.transport.fd == -1)
		return;
	bound_session(d);
	if (strcmp(d->key.s, d->destination.key.s) != 0)
		remote_session_quit(&d->session);
	else if (deadline_now() - d->begun > DELIVERY_KEPT_SECONDS * INT64_C(1000) ||
		 transport_has_news(&d->session.transport) ||
		 run(&d->session, mail, &ignored) != 0)
		delivery_end(d);
	else
		reach_note(&d->asked, &d->session, d->port);
	outcome_free(&ignored);
	reopen(mail);
}

/* An address that would break out of its brackets is not sent to anybody. */
static void
refuse_unsound(struct transaction_mail *mail)
{
	struct transaction_recipient *r;
	size_t i;

	for (i = 0; i < mail->count; i++) {
		r = &mail->recipients[i];
		if (!remote_path_is_sound(mail->sender))
			outcome_set(&r->outcome, 'D', "5.1.7",
			    "the sender's address is malformed", (char *)NULL);
		else if (r->address[0] == '\0' || !remote_path_is_sound(r->address))
			outcome_set(&r->outcome, 'D', "5.1.3",
			    "the recipient's address is malformed", (char *)NULL);
	}
}

/* Find the servers of the domain, and send the mail to one that takes it. */
static void
send_to(struct delivery *d, struct transaction_mail *mail,
    const struct target_request *request, struct outcome *fault)
{
	d->asked.list.len = 0;
	if (target_begin(&d->destination, &d->settings.way, request, fault) == -1)
		return;
	use_kept_session(d, mail);
	text_set(&d->key, d->destination.key.s);
	try_targets(d, mail, fault);
	target_end(&d->destination);
}

void
delivery_run(struct delivery *d, const char *id, struct transaction_mail *mail,
    const char *domain, const char *target)
{
	struct target_request request = {.domain = domain,
	    .sender = mail->sender,
	    .target = target,
	    .requires_tls = mail->requires_tls};
	struct outcome fault = {0};
	const char *why = send_settings_read(&d->settings);
	struct tls_wish wish;

	refuse_unsound(mail);
	d->data = mail->source.length / DELIVERY_BYTES * 1000;
	d->until = request.until =
	    deadline_now() + DELIVERY_SECONDS * INT64_C(1000) + d->data;
	d->session.seconds_max = d->settings.seconds_remote;
	d->session.id = id;
	mail->source.line_max = d->settings.line_max;
	mail->recipients_max = d->settings.recipients_max;
	tls_wish_read(&wish, &mail->source);
	/* RFC 8689, 3: REQUIRETLS goes before the field; RFC 8460, 3: no reports on
	 * reports */
	request.is_tls_optional = wish.is_optional && !mail->requires_tls;
	request.is_noted = d->session.is_noted = !wish.is_report;
	if (why != NULL)
		outcome_set(&fault, 'Z', "4.3.5", why, (char *)NULL);
	else
		send_to(d, mail, &request, &fault);
	if (!fault.letter)
		outcome_set(
		    &fault, 'Z', "4.4.1", domain, ": no server to try", (char *)NULL);
	settle(mail, &fault);
	outcome_free(&fault);
	transaction_fit_end(mail);
	delivery_log(id, mail);
	d->session.id = NULL;
}
