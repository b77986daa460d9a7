#include <string.h>

#include "deliver/forward.h"
#include "deliver/order_end.h"
#include "lib/log.h"
#include "lib/notify.h"

/* Log what the answer says, now that it is known. */
static void
conclude(const struct job *job, size_t index, const struct outcome *answer)
{
	if (answer->letter != 'K')
		log_event(job->id, answer->letter == 'D' ? "refused" : "deferred", "rcpt",
		    job->envelope.recipients[index].address, "status", answer->status,
		    "text", answer->text.s, (char *)NULL);
}

static void
lead_success(const struct job *job, size_t index, struct outcome *answer)
{
	if (notify_wants(
		envelope_recipient_parameter(&job->envelope, index, "NOTIFY"), "SUCCESS"))
		outcome_lead(answer, OUTCOME_DELIVERED);
}

/* Hand it on; the answer is K when that is done.  It is not logged. */
static void
send_on(struct order_post *post, struct forward *f, struct outcome *answer)
{
	const char *address = f->job->envelope.recipients[f->index].address;

	f->sink = post->sink;
	f->kept = &post->queue;
	f->users = &post->way.users;
	forward_send(f, answer);
	if (answer->letter == 'K' && f->other[0] != '\0')
		log_event(f->job->id, "forwarded", "rcpt", address, "new", f->other,
		    (char *)NULL);
	if (answer->letter == 'K')
		log_event(
		    f->job->id, "forwarded", "rcpt", address, "new", f->id, (char *)NULL);
}

/* The mailbox has its copy: what it sends on follows, and can spoil the answer. */
static void
send_on_kept(struct order_post *post, struct order *o, size_t i)
{
	struct forward f = {
	    .job = &o->job, .index = i, .targets = &o->rest[i].targets, .is_kept = 1};
	struct outcome answer = {0};

	send_on(post, &f, &answer);
	if (answer.letter != 'K')
		outcome_set(&o->answers[i], answer.letter, answer.status, answer.text.s,
		    (char *)NULL);
	outcome_free(&answer);
}

/* A mailbox that has the message by another recipient has it by this one. */
static void
answer_the_same(struct order *o, size_t i, const char *mailbox)
{
	const struct outcome *first = &o->answers[o->rest[i].same];
	struct outcome *answer = &o->answers[i];

	outcome_set(answer, first->letter, first->status,
	    first->letter == 'K' ? "delivered to " : first->text.s,
	    first->letter == 'K' ? mailbox : (char *)NULL, (char *)NULL);
	if (answer->letter == 'K')
		log_event(o->job.id, "delivered", "rcpt",
		    o->job.envelope.recipients[i].address, "mailbox", mailbox, "bytes",
		    "0", "again", "1", (char *)NULL);
}

/* Returns whether it was handed over. */
static int
end_recipient(struct order_post *post, struct order *o, size_t i, const char *mailbox)
{
	struct order_rest *rest = &o->rest[i];
	struct outcome *answer = &o->answers[i];
	int handed = 0;

	if (rest->same != i) {
		answer_the_same(o, i, mailbox);
	} else if (rest->is_kept && rest->targets.len > 0 && answer->letter == 'K') {
		send_on_kept(post, o, i);
		handed = 1;
	} else if (!rest->is_kept && rest->targets.len > 0) {
		struct forward f = {
		    .job = &o->job, .index = i, .targets = &rest->targets};

		send_on(post, &f, answer);
		handed = 1;
	}
	conclude(&o->job, i, answer);
	if (answer->letter == 'K' && *mailbox != '\0')
		lead_success(&o->job, i, answer);
	return handed;
}

int
order_end(struct order_post *post, struct order *o)
{
	const char *mailbox;
	int handed = 0;

	if (o->begun < o->job.envelope.count || o->waiting > 0)
		return 0;
	while (!handed && o->ended < o->job.envelope.count) {
		mailbox = o->boxes.s + o->box;
		o->box += strlen(mailbox) + 1;
		handed = end_recipient(post, o, o->ended++, mailbox);
	}
	return handed;
}
