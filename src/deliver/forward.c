#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deliver/answer.h"
#include "deliver/forward.h"
#include "deliver/forward_envelope.h"
#include "deliver/owner.h"
#include "deliver/srs_rule.h"
#include "lib/address.h"
#include "lib/notify.h"
#include "lib/sink.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define CHUNK 65536
#define TIMEOUT 300 /* seconds for the sink to take a piece, or to commit */

/* The message's next bytes behind the len in buf.  Returns how many, or -1 with errno. */
static ssize_t
read_on(char *buf, size_t len, const struct job *job, off_t done)
{
	off_t left = job->length - done;
	size_t room = CHUNK - len;
	ssize_t r;

	if (left == 0)
		return 0;
	do
		r = pread(job->fd, buf + len, left < (off_t)room ? (size_t)left : room,
		    job->offset + done);
	while (r == -1 && errno == EINTR);
	if (r == 0)
		errno = EIO; /* it has been cut since its length was told */
	return r > 0 ? r : -1;
}

/*
 * Give the sink the message, and keep the last piece for it until sink_finish.  Returns
 * 0, or -1 with errno.
 */
static int
send_message(struct sink *sink, const struct job *job, const char *recipient)
{
	static char buf[CHUNK]; /* a cache, which sink_last borrows */
	char *end = stpcpy(stpcpy(stpcpy(buf, "Delivered-To: "), recipient), "\n");
	size_t len = (size_t)(end - buf);
	off_t done = 0;

	for (;;) {
		ssize_t r = read_on(buf, len, job, done);

		if (r == -1)
			return -1;
		done += r;
		len += (size_t)r;
		if (done == job->length)
			break;
		if (sink_write(sink, buf, len, TIMEOUT) == -1)
			return -1;
		len = 0;
	}
	sink_last(sink, buf, len);
	return 0;
}

/*
 * Start the sink with the new ID, a program as who owns the queue.  Returns 0; -1 when
 * the answer is set.
 */
static int
start(struct sink *sink, const struct forward *f, struct outcome *answer)
{
	int is_service = sink_is_service(f->sink), r;
	uid_t uid;
	gid_t gid;

	if (!is_service &&
	    !owner_from_environment("QUEUE_UID", &uid, "QUEUE_GID", &gid)) {
		outcome_set(answer, 'Z', "4.3.5",
		    "unable to forward: the service has no ",
		    "QUEUE_UID and QUEUE_GID in its environment (mail-setup)",
		    (char *)NULL);
		return -1;
	}
	r = setenv("QUEUEID", f->id, 1);
	if (r == 0 && !is_service)
		r = owner_become_really(uid, gid);
	if (r == 0) {
		r = sink_start_kept(sink, f->sink, f->kept);
		if (!is_service)
			owner_return();
	}
	if (r == -1)
		answer_trouble(answer, is_service ? "reach the queue's service"
						  : "start the queue's program");
	return r;
}

static void
report(const struct forward *f, struct outcome *answer, int verdict, const char *words)
{
	const char *notify =
	    envelope_recipient_parameter(&f->job->envelope, f->index, "NOTIFY");

	if (verdict == ACCEPT)
		outcome_set(answer, 'K', "2.0.0",
		    forward_envelope_is_several(f) && notify_wants(notify, "SUCCESS")
			? OUTCOME_EXPANDED
			: "",
		    "forwarded as ", f->id, (char *)NULL);
	else
		outcome_set(answer, verdict_letter(verdict),
		    verdict == REJECT ? "5.3.0" : "4.3.0", "unable to forward: ",
		    *words != '\0' ? words : "the queue did not take it", (char *)NULL);
}

/* Sets the answer. */
static void
send_part(struct forward *f, const struct forward_envelope *part, struct outcome *answer)
{
	const char *recipient = f->job->envelope.recipients[f->index].address;
	stralloc envelope = {0}, words = {0}, key = {0};
	struct sink sink;
	int verdict;

	address_key(&key, recipient, strlen(recipient));
	text_cat(&key, part->mark, (char *)NULL);
	text_terminate(&key);
	queueid_derive(f->id, f->job->id, key.s);
	stralloc_free(&key);
	if (start(&sink, f, answer) == -1)
		return;
	if (send_message(&sink, f->job, recipient) == -1) {
		/* a sink may refuse before it has read all; then it says why */
		if (errno != EPIPE) {
			answer_trouble(answer, "forward");
			sink_abort(&sink);
			return;
		}
	}
	forward_envelope_put(&envelope, f, part);
	verdict = sink_finish(&sink, envelope.s, envelope.len, &words, TIMEOUT);
	report(f, answer, verdict, words.s);
	stralloc_free(&envelope);
	stralloc_free(&words);
}

/*
 * Part the targets: those elsewhere get it from another sender.  Returns 0, or -1 with
 * errno.
 */
static int
part_targets(const struct forward *f, struct forward_envelope *here,
    struct forward_envelope *elsewhere)
{
	const char *target = f->targets->s, *end = target + f->targets->len;
	int is_same = strcmp(here->sender, elsewhere->sender) == 0, r;

	for (; target < end; target += strlen(target) + 1) {
		r = is_same ? 0 : srs_rule_is_remote(f->users, target);
		if (r == -1)
			return -1;
		text_catb(r == 1 ? &elsewhere->targets : &here->targets, target,
		    strlen(target) + 1);
	}
	return 0;
}

void
forward_send(struct forward *f, struct outcome *answer)
{
	const struct envelope *e = &f->job->envelope;
	stralloc sender = {0};
	struct forward_envelope here = {.sender = e->sender, .mark = ""};
	struct forward_envelope elsewhere = {.mark = "\nsrs"};

	if (srs_rule_sender(
		&sender, f->users, e->sender, e->recipients[f->index].address) == -1) {
		answer_trouble(answer, "rewrite the sender");
	} else {
		elsewhere.sender = sender.s;
		if (part_targets(f, &here, &elsewhere) == -1)
			answer_trouble(answer, "read " USERS_CDB);
		else {
			if (here.targets.len > 0)
				send_part(f, &here, answer);
			if (here.targets.len > 0 && elsewhere.targets.len > 0)
				strcpy(f->other, f->id);
			if (elsewhere.targets.len > 0 &&
			    (here.targets.len == 0 || answer->letter == 'K'))
				send_part(f, &elsewhere, answer);
		}
	}
	stralloc_free(&sender);
	stralloc_free(&here.targets);
	stralloc_free(&elsewhere.targets);
}
