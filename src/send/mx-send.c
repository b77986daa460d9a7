/* mx-send: send messages by SMTP to the servers of their recipients. */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <errmsg.h>
#include <stralloc.h>

#include "lib/address.h"
#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/heap.h"
#include "lib/home.h"
#include "lib/job.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/verdict.h"
#include "send/delivery.h"

#define USAGE "usage: mx-send [-v] host sender recipient... | mx-send [-v] -s"
#define KEEP_SECONDS 5  /* a session without work ends after that */
#define BUSY_SECONDS 60 /* within a job our own programs do not wait */

static struct delivery delivery;
static struct transaction_recipient *recipients;
static size_t recipients_max;

/* Room for n recipients whose outcome is open; the texts of earlier ones are used again.
 */
static void
make_room(size_t n)
{
	size_t i;

	if (n > recipients_max) {
		recipients = realloc(recipients, n * sizeof(*recipients));
		if (recipients == NULL)
			heap_lacks();
		memset(recipients + recipients_max, 0,
		    (n - recipients_max) * sizeof(*recipients));
		recipients_max = n;
	}
	for (i = 0; i < n; i++) {
		recipients[i].outcome.letter = recipients[i].held.letter = 0;
		recipients[i].may_be_taken = 0;
		recipients[i].tls[0] = '\0';
		recipients[i].notify = recipients[i].orcpt = NULL;
	}
}

/*
 * While there is no job, keep the session, and the process that speaks TLS for us, but
 * not for long, nor when the server ends it.
 */
static void
await_job(void)
{
	struct pollfd pollers[] = {{.fd = 0, .events = POLLIN},
	    {.fd = delivery.session.transport.fd, .events = POLLIN}};
	int r;

	if (delivery.session.transport.fd == -1 && !delivery.session.wrap.is_open)
		return;
	do
		r = poll(pollers, 2, KEEP_SECONDS * 1000);
	while (r == -1 && errno == EINTR);
	if (!pollers[0].revents)
		delivery_end(&delivery);
}

/* Our mark of a bounce of a bounce is no address; others know the null sender. */
static const char *
sender_on_the_wire(const char *sender)
{
	return strcmp(sender, ENVELOPE_DOUBLE_BOUNCE) == 0 ? "" : sender;
}

static void
do_job(const struct job *job)
{
	const struct envelope *e = &job->envelope;
	const char *first = e->recipients[0].address;
	const char *body = envelope_parameter(e, "BODY");
	struct transaction_mail mail = {
	    .source = {.fd = job->fd, .offset = job->offset, .length = job->length},
	    .sender = sender_on_the_wire(e->sender),
	    .is_8bitmime = body != NULL && strcmp(body, "8BITMIME") == 0,
	    .is_smtputf8 = envelope_parameter(e, "SMTPUTF8") != NULL,
	    .wishes_tls = envelope_parameter(e, "REQUIRETLS") != NULL,
	    .ret = envelope_parameter(e, "RET"),
	    .envid = envelope_parameter(e, "ENVID"),
	    .count = e->count};
	size_t domain = address_domain(first, strlen(first)), i;

	/* a report is not lost for it: RFC 8689, 5 */
	mail.requires_tls = mail.wishes_tls && mail.sender[0] != '\0';
	make_room(e->count);
	mail.recipients = recipients;
	for (i = 0; i < e->count; i++) {
		recipients[i].address = e->recipients[i].address;
		/* an alias may lead there with mail that came without */
		mail.is_smtputf8 |=
		    !utf8_is_ascii(recipients[i].address, strlen(recipients[i].address));
		recipients[i].notify = envelope_recipient_parameter(e, i, "NOTIFY");
		recipients[i].orcpt = envelope_recipient_parameter(e, i, "ORCPT");
	}
	delivery_run(&delivery, job->id, &mail, domain > 0 ? first + domain : "", NULL);
}

static int
serve(void)
{
	static struct job job;
	static stralloc answers;
	size_t i;
	int r;

	for (;;) {
		await_job();
		r = job_read(&job, 0, 0, BUSY_SECONDS);
		if (r != 1)
			break;
		do_job(&job);
		answers.len = 0;
		for (i = 0; i < job.envelope.count; i++)
			job_answer(&answers, &recipients[i].outcome);
		job_done(&job);
		if (deadline_write_all(1, answers.s, answers.len, BUSY_SECONDS) == -1)
			diesys(DEFER, "unable to write an answer");
	}
	if (r == -1)
		carpsys("unable to read a job");
	delivery_end(&delivery);
	return r == -1 ? DEFER : ACCEPT;
}

/* One line per recipient on descriptor 1; the worst outcome that a repetition may mend
 * counts. */
static int
report(size_t n)
{
	static stralloc line;
	int verdict = ACCEPT, v;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct outcome *o = &recipients[i].outcome;

		v = verdict_from_letter(o->letter);
		if (v != ACCEPT && verdict != DEFER)
			verdict = v;
		text_catb(&line, &o->letter, 1);
		text_cat(&line, " ", o->status, " <", recipients[i].address, "> ",
		    o->text.s, (char *)NULL);
		if (delivery.session.verbose && recipients[i].tls[0] != '\0')
			text_cat(&line, " (TLS: ", recipients[i].tls, ")", (char *)NULL);
		text_cat(&line, "\n", (char *)NULL);
	}
	if (durable_write(1, line.s, line.len) == -1)
		diesys(DEFER, "unable to write the report");
	return verdict;
}

/* host may be a next hop, as HOST:PORT, which is taken as it is, without routes and MX.
 */
static int
is_hop(const char *host)
{
	return strncasecmp(host, "mx!", 3) == 0 ||
	       strchr(host[0] == '[' ? strcspn(host, "]") + host : host, ':') != NULL;
}

static int
send_by_hand(char **words)
{
	struct transaction_mail mail = {.sender = sender_on_the_wire(words[1])};
	const char *host = words[0], *id = getenv("QUEUEID");
	size_t i;

	for (i = 1; words[i] != NULL; i++)
		mail.is_smtputf8 |= !utf8_is_ascii(words[i], strlen(words[i]));
	mail.count = i - 2;
	make_room(mail.count);
	mail.recipients = recipients;
	for (i = 0; i < mail.count; i++)
		recipients[i].address = words[i + 2];
	if (mail_source_take(&mail.source, 0) == -1)
		diesys(DEFER, "unable to read the message");
	delivery_run(&delivery, id != NULL && queueid_is(id) ? id : NULL, &mail, host,
	    is_hop(host) ? host : NULL);
	delivery_end(&delivery);
	return report(mail.count);
}

int
main(int argc, char **argv)
{
	int verbose = 0, is_server = 0, c;

	errmsg_iam("mx-send");
	while ((c = getopt(argc, argv, "+sv")) != -1)
		switch (c) {
		case 's':
			is_server = 1;
			break;
		case 'v':
			verbose = 1;
			break;
		default:
			die(DEFER, USAGE);
		}
	argv += optind;
	argc -= optind;
	if (is_server ? argc != 0 : argc < 3)
		die(DEFER, USAGE);
	signal(SIGPIPE, SIG_IGN);
	home_enter();
	delivery_begin(&delivery, verbose);
	return is_server ? serve() : send_by_hand(argv);
}
