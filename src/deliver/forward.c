#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deliver/forward.h"
#include "deliver/owner.h"
#include "lib/address.h"
#include "lib/deadline.h"
#include "lib/envelope.h"
#include "lib/notify.h"
#include "lib/sink.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/verdict.h"
#include "lib/xtext.h"

#define CHUNK 65536
#define TIMEOUT 300 /* seconds for the sink to take a piece, or to commit */

/* Parameters that belong to a job and not to the message: job(5). */
static int
is_of_job(const char *name)
{
	return strcmp(name, "id") == 0 || strcmp(name, "offset") == 0 ||
	       strcmp(name, "length") == 0 || strcmp(name, "again") == 0;
}

/*
 * RFC 3461, 5.2.7.3: success is not reported by those to whom an alias of several
 * addresses leads; without any other wish that leaves NEVER.
 */
static void
put_notify(stralloc *envelope, const char *value)
{
	stralloc rest = {0};
	size_t len;

	for (; *value != '\0'; value += len + (value[len] == ',')) {
		len = strcspn(value, ",");
		if (len == 7 && strncasecmp(value, "SUCCESS", 7) == 0)
			continue;
		if (rest.len > 0)
			text_cat(&rest, ",", (char *)NULL);
		text_catb(&rest, value, len);
	}
	text_terminate(&rest);
	envelope_put_notice(envelope, "NOTIFY", rest.len > 0 ? rest.s : "NEVER");
	stralloc_free(&rest);
}

/*
 * RFC 3461, 5.2.1: whose sender did not name the address as it first was may have it
 * added, so that the reports of others name one that the sender knows.
 */
static void
put_original(stralloc *envelope, const struct forward *f)
{
	const struct envelope *e = &f->job->envelope;
	const char *address = e->recipients[f->index].address;
	stralloc value = {0};

	if (envelope_recipient_parameter(e, f->index, "ORCPT") ||
	    !utf8_is_ascii(address, strlen(address)))
		return;
	text_cat(&value, "rfc822;", (char *)NULL);
	xtext_cat(&value, address, strlen(address));
	text_terminate(&value);
	envelope_put_notice(envelope, "ORCPT", value.s);
	stralloc_free(&value);
}

static void
put_recipient(
    stralloc *envelope, const struct forward *f, const char *target, int several)
{
	const struct envelope *e = &f->job->envelope;
	const struct envelope_recipient *recipient = &e->recipients[f->index];
	const struct envelope_parameter *p = e->parameters + recipient->first;
	size_t i;

	for (i = 0; i < recipient->parameters; i++)
		if (several && strcasecmp(p[i].name, "NOTIFY") == 0)
			put_notify(envelope, p[i].value);
		else
			envelope_put_notice(envelope, p[i].name, p[i].value);
	put_original(envelope, f);
	envelope_put_recipient(envelope, target);
}

static int
leads_to_several(const struct forward *f)
{
	return strlen(f->targets->s) + 1 < f->targets->len;
}

static void
build_envelope(stralloc *envelope, const struct forward *f)
{
	const struct envelope *e = &f->job->envelope;
	const char *target = f->targets->s, *end = target + f->targets->len;
	int several = leads_to_several(f);
	size_t i;

	envelope_begin(envelope, e->sender);
	for (i = 0; i < e->message_parameters; i++)
		if (!is_of_job(e->parameters[i].name))
			envelope_put_parameter(
			    envelope, e->parameters[i].name, e->parameters[i].value);
	for (; target < end; target += strlen(target) + 1)
		put_recipient(envelope, f, target, several);
	envelope_end(envelope);
}

/* Give the sink the message.  Returns 0, or -1 with errno. */
static int
send_message(int to, const struct job *job, const char *recipient)
{
	stralloc head = {0};
	char buf[CHUNK];
	off_t done;
	ssize_t r;

	text_cat(&head, "Delivered-To: ", recipient, "\n", (char *)NULL);
	/* a deadline can be kept only where a write does not wait itself */
	r = fcntl(to, F_SETFL, O_NONBLOCK);
	if (r == 0)
		r = deadline_write_all(to, head.s, head.len, TIMEOUT);
	stralloc_free(&head);
	for (done = 0; r == 0 && done < job->length;) {
		off_t left = job->length - done;

		r = pread(job->fd, buf, left < CHUNK ? (size_t)left : CHUNK,
		    job->offset + done);
		if (r == 0)
			errno = EIO; /* it has been cut since its length was told */
		if (r <= 0)
			return -1;
		done += r;
		r = deadline_write_all(to, buf, (size_t)r, TIMEOUT);
	}
	return (int)r;
}

/* Start the sink as who owns the queue, with the new ID.  Returns 0, or -1 with errno. */
static int
start(struct sink *sink, const struct forward *f)
{
	struct stat queue;
	int r;

	if (stat("queue/new", &queue) == -1 || setenv("QUEUEID", f->id, 1) == -1 ||
	    owner_become_really(queue.st_uid, queue.st_gid) == -1)
		return -1;
	r = sink_start(sink, f->sink);
	owner_return();
	return r;
}

static void
report(const struct forward *f, struct answer *answer, int verdict, const char *words)
{
	const char *notify =
	    envelope_recipient_parameter(&f->job->envelope, f->index, "NOTIFY");

	if (verdict == ACCEPT)
		answer_set(answer, 'K', "2.0.0",
		    leads_to_several(f) && notify_wants(notify, "SUCCESS")
			? NOTIFY_EXPANDED
			: "",
		    "forwarded as ", f->id, (char *)NULL);
	else
		answer_set(answer, verdict_letter(verdict),
		    verdict == REJECT ? "5.3.0" : "4.3.0", "unable to forward: ",
		    *words != '\0' ? words : "the queue did not take it", (char *)NULL);
}

void
forward_send(struct forward *f, struct answer *answer)
{
	const char *recipient = f->job->envelope.recipients[f->index].address;
	stralloc envelope = {0}, words = {0}, key = {0};
	struct sink sink;
	int verdict;

	address_key(&key, recipient, strlen(recipient));
	queueid_derive(f->id, f->job->id, key.s);
	stralloc_free(&key);
	if (start(&sink, f) == -1) {
		answer_trouble(answer, "start the queue's program");
		return;
	}
	if (send_message(sink.message, f->job, recipient) == -1) {
		/* a sink may refuse before it has read all; then it says why */
		if (errno != EPIPE) {
			answer_trouble(answer, "forward");
			sink_abort(&sink);
			return;
		}
	}
	build_envelope(&envelope, f);
	verdict = sink_finish(&sink, envelope.s, envelope.len, &words, TIMEOUT);
	report(f, answer, verdict, words.s);
	stralloc_free(&envelope);
	stralloc_free(&words);
}
