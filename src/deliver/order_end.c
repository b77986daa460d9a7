#include <string.h>

#include "deliver/order_end.h"
#include "lib/address.h"
#include "lib/log.h"
#include "lib/notify.h"
#include "lib/text.h"

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

/* Begin to hand it on. */
static void
send_on(struct order_post *post, struct order *o, size_t i, struct forwarding_place *p)
{
	p->owner = o;
	p->forward.job = &o->job;
	p->forward.index = i;
	p->forward.targets = &o->rest[i].targets;
	p->forward.is_kept = o->rest[i].is_kept;
	p->forward.is_served = o->rest[i].is_served;
	o->sending++;
	forwarding_begin(&post->forwarding, p, &post->way.users);
}

/* A mailbox that keeps a copy has it: what goes on follows, and can spoil the answer. */
static void
take_answer(const struct forward *f, struct outcome *answer)
{
	const char *address = f->job->envelope.recipients[f->index].address;

	if (!f->is_kept || f->answer.letter != 'K')
		outcome_copy(answer, &f->answer);
	if (f->answer.letter != 'K')
		return;
	if (f->other[0] != '\0')
		log_event(f->job->id, "forwarded", "rcpt", address, "new", f->other,
		    (char *)NULL);
	log_event(f->job->id, "forwarded", "rcpt", address, "new", f->id, (char *)NULL);
}

int
order_end_turn(struct order_post *post)
{
	struct forwarding_place *p;
	int n = 0;

	forwarding_turn(&post->forwarding);
	for (; (p = forwarding_over(&post->forwarding)) != NULL; n++) {
		struct order *o = p->owner;

		take_answer(&p->forward, &o->answers[p->forward.index]);
		o->sending--;
		forwarding_give_back(p);
	}
	return n > 0;
}

void
order_end_abandon(struct order_post *post, struct order *o)
{
	forwarding_abort(&post->forwarding, o);
	o->sending = 0;
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

static void
end_recipient(struct order *o, size_t i, const char *mailbox)
{
	if (o->rest[i].same != i)
		answer_the_same(o, i, mailbox);
	conclude(&o->job, i, &o->answers[i]);
	if (o->answers[i].letter == 'K' && *mailbox != '\0')
		lead_success(&o->job, i, &o->answers[i]);
}

/* Has the mailbox a copy by a recipient of this job? */
static int
has_copy(const struct order *o, const char *mailbox)
{
	const char *s = o->boxes.s, *end = s + o->boxes.len;
	size_t i;

	for (i = 0; s < end; i++, s += strlen(s) + 1)
		if (o->rest[i].same == i && o->answers[i].letter == 'K' &&
		    strcmp(s, mailbox) == 0)
			return 1;
	return 0;
}

/*
 * Who has it by another recipient gets no other copy: his reader may have removed the
 * first by then, and nothing would tell that it was the same.
 */
static void
drop_served(struct order *o, size_t i)
{
	stralloc *targets = &o->rest[i].targets, others = {0}, key = {0};
	const char *target = targets->s, *end = target + targets->len;

	for (; target < end; target += strlen(target) + 1) {
		address_key(&key, target, strlen(target));
		if (has_copy(o, key.s))
			o->rest[i].is_served = 1;
		else
			text_catb(&others, target, strlen(target) + 1);
	}
	if (others.len == 0 && !o->rest[i].is_kept) {
		outcome_set(&o->answers[i], 'K', "2.0.0", "delivered by other recipients",
		    (char *)NULL);
		/* RFC 3464, 2.3.3: not expanded, for nothing goes on, or can fail yet */
		lead_success(&o->job, i, &o->answers[i]);
		log_event(o->job.id, "delivered", "rcpt",
		    o->job.envelope.recipients[i].address, "mailbox", targets->s, "bytes",
		    "0", "again", "1", (char *)NULL);
	}
	stralloc_free(targets);
	stralloc_free(&key);
	*targets = others;
}

/* Does it go on from here? */
static int
goes_on(const struct order *o, size_t i)
{
	const struct order_rest *rest = &o->rest[i];

	return rest->same == i && rest->targets.len > 0 &&
	       (!rest->is_kept || o->answers[i].letter == 'K');
}

void
order_end(struct order_post *post, struct order *o)
{
	size_t count = o->job.envelope.count;
	struct forwarding_place *p;

	if (o->begun < count || o->waiting > 0)
		return;
	for (; o->sent < count; o->sent++) {
		if (goes_on(o, o->sent) && !o->rest[o->sent].is_served)
			drop_served(o, o->sent);
		if (!goes_on(o, o->sent))
			continue;
		p = forwarding_take(&post->forwarding);
		if (p == NULL)
			return;
		send_on(post, o, o->sent, p);
	}
	while (o->sending == 0 && o->ended < count) {
		const char *mailbox = o->boxes.s + o->box;

		o->box += strlen(mailbox) + 1;
		end_recipient(o, o->ended++, mailbox);
	}
}
