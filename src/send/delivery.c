#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "lib/deadline.h"
#include "lib/log.h"
#include "lib/notify.h"
#include "send/delivery.h"
#include "send/remote_greeting.h"
#include "send/remote_path.h"

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
}

static int
has_open_recipients(const struct mail *mail)
{
	size_t i;

	for (i = 0; i < mail->count; i++)
		if (!mail->recipients[i].outcome.letter)
			return 1;
	return 0;
}

static void
settle(struct mail *mail, const struct outcome *fault)
{
	size_t i;

	for (i = 0; i < mail->count; i++)
		if (!mail->recipients[i].outcome.letter)
			outcome_copy(&mail->recipients[i].outcome, fault);
}

static void
log_connection(const char *id, const struct target *target, const struct outcome *fault)
{
	char ip[INET6_ADDRSTRLEN];

	if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)target->ip))
		inet_ntop(AF_INET, target->ip + 12, ip, sizeof(ip));
	else
		inet_ntop(AF_INET6, target->ip, ip, sizeof(ip));
	log_event(id, fault != NULL ? "unreachable" : "connect", "host", target->host,
	    "ip", ip, "text", fault != NULL ? fault->text.s : NULL, (char *)NULL);
}

/* Has a connection failed for a reason that costs time to find out? */
static int
is_dead(int error)
{
	return error == ETIMEDOUT || error == EHOSTUNREACH;
}

/* Open a session with the target.  Returns 0; or -1 with fault, and errno of the
 * connection or 0. */
static int
open_session(struct delivery *d, const char *id, const struct target *target,
    struct outcome *fault)
{
	struct remote_session *s = &d->session;
	int saved;

	if (dead_hosts_has(&d->dead, target->ip, deadline_now())) {
		outcome_set(fault, 'Z', "4.4.1", target->host,
		    " was not reachable a moment ago", (char *)NULL);
		errno = EHOSTUNREACH;
		return -1;
	}
	if (remote_session_connect(s, target->host, target->ip, d->destination.port,
		d->settings.seconds_connect, fault) == -1) {
		saved = errno;
		log_connection(id, target, fault);
		if (is_dead(saved))
			dead_hosts_add(&d->dead, target->ip, deadline_now());
		errno = saved;
		return -1;
	}
	log_connection(id, target, NULL);
	errno = 0;
	return remote_greeting(s, d->settings.helohost.s, fault);
}

/* Try one address after the other until no recipient is open. */
static void
try_targets(struct delivery *d, const char *id, struct mail *mail, struct outcome *fault)
{
	struct outcome last = {0};
	const struct target *target;
	unsigned tried = 0;
	int r;

	while (tried < DELIVERY_ADDRESSES && has_open_recipients(mail) &&
	       (target = destination_next(&d->destination, fault)) != NULL) {
		r = open_session(d, id, target, &last);
		/* a machine without IPv6 finds that out at no cost */
		if (r == 0 || (errno != ENETUNREACH && errno != EAFNOSUPPORT))
			tried++;
		if (r == 0)
			r = transaction_run(&d->session, mail, &last);
		if (r == -1) {
			remote_session_quit(&d->session);
			outcome_merge(fault, &last);
		}
	}
	stralloc_free(&last.text);
}

/* A session that was kept may have ended meanwhile: that is nobody's fault. */
static void
use_kept_session(struct delivery *d, struct mail *mail)
{
	struct outcome ignored = {0};

	if (d->session.transport.fd == -1)
		return;
	if (strcmp(d->key, d->destination.key) != 0 ||
	    transport_has_news(&d->session.transport) ||
	    transaction_run(&d->session, mail, &ignored) == -1)
		remote_session_quit(&d->session);
	stralloc_free(&ignored.text);
}

static void
log_outcome(const char *id, const struct recipient *r)
{
	const char *event = r->outcome.letter == 'K'   ? "sent"
			    : r->outcome.letter == 'Z' ? "deferred"
						       : "refused";
	char *text = r->outcome.text.s, *said;
	int relayed = strncmp(text, NOTIFY_RELAYED, strlen(NOTIFY_RELAYED)) == 0;

	if (relayed)
		text += strlen(NOTIFY_RELAYED);
	said = strstr(text, SAID);
	if (said != NULL)
		*said = '\0';
	log_event(id, event, "rcpt", r->address, "status", r->outcome.status, "dsn",
	    relayed ? "relayed" : NULL, said != NULL ? "host" : "text", text,
	    said != NULL ? "reply" : NULL, said != NULL ? said + strlen(SAID) : NULL,
	    (char *)NULL);
	if (said != NULL)
		*said = SAID[0];
}

static void
log_outcomes(const char *id, const struct mail *mail)
{
	size_t i;

	for (i = 0; i < mail->count; i++)
		log_outcome(id, &mail->recipients[i]);
}

/* An address that would break out of its brackets is not sent to anybody. */
static void
refuse_unsound(struct mail *mail)
{
	struct recipient *r;
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

void
delivery_run(struct delivery *d, const char *id, struct mail *mail, const char *domain,
    const char *target)
{
	struct outcome fault = {0};
	const char *why = send_settings_read(&d->settings);

	refuse_unsound(mail);
	d->session.seconds_max = d->settings.seconds_remote;
	if (why != NULL) {
		outcome_set(&fault, 'Z', "4.3.5", why, (char *)NULL);
	} else if (destination_begin(
		       &d->destination, &d->settings, domain, target, &fault) == 0) {
		use_kept_session(d, mail);
		strcpy(d->key, d->destination.key);
		try_targets(d, id, mail, &fault);
		destination_end(&d->destination);
	}
	if (!fault.letter)
		outcome_set(
		    &fault, 'Z', "4.4.1", domain, ": no server to try", (char *)NULL);
	settle(mail, &fault);
	stralloc_free(&fault.text);
	log_outcomes(id, mail);
}
