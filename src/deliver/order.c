#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deliver/deposit_report.h"
#include "deliver/mailbox_quota.h"
#include "deliver/order.h"
#include "lib/address.h"
#include "lib/heap.h"
#include "lib/log.h"
#include "lib/queueid.h"
#include "lib/text.h"
#include "onward/answer.h"

#define KEPT_MAX 16384 /* bytes of an envelope, whose memory the next one will use */

void
order_post_begin(struct order_post *post, const char *const *sink)
{
	post->way.users.fd = -1;
	forwarding_init(&post->forwarding, sink);
	flight_begin(&post->flight, 0);
}

void
order_post_renew(struct order_post *post)
{
	way_renew(&post->way);
	post->has_quota = 0;
}

/* The targets of the mailbox but itself. */
static void
set_others(stralloc *others, const struct user *mailbox)
{
	const char *target = mailbox->targets.s, *end = target + mailbox->targets.len;
	stralloc key = {0};

	for (; target < end; target += strlen(target) + 1) {
		address_key(&key, target, strlen(target));
		if (strcmp(key.s, mailbox->address.s) != 0)
			text_catb(others, target, strlen(target) + 1);
	}
	stralloc_free(&key);
}

/* As mailbox_quota; control/quota is read once in a while. */
static int
quota_of(struct order_post *post, const struct user *mailbox, unsigned long long *quota)
{
	if (mailbox->has_quota || !post->has_quota) {
		if (mailbox_quota(mailbox, quota) == -1)
			return -1;
		if (mailbox->has_quota)
			return 0;
		post->quota = *quota;
		post->has_quota = 1;
	}
	*quota = post->quota;
	return 0;
}

static void
into_mailbox(struct order_post *post, struct order *o, size_t i,
    const struct user *mailbox, struct deposit *p)
{
	struct outcome *answer = &o->answers[i];
	stralloc folder = {0};

	p->order = o;
	p->job = &o->job;
	p->letters = &post->way.letters;
	p->index = i;
	text_set(&p->mailbox, mailbox->address.s);
	p->by_alias = mailbox != &post->way.user;
	p->host = post->me.s;
	if (quota_of(post, mailbox, &p->delivery.quota) == -1) {
		answer_trouble(answer, "read control/quota");
	} else if (!users_folder(&folder, p->mailbox.s)) {
		outcome_set(answer, 'Z', "4.3.5", "no folder can be named after ",
		    p->mailbox.s, (char *)NULL);
	} else {
		set_others(&o->rest[i].targets, mailbox);
		o->rest[i].is_kept = 1;
		o->waiting++;
		flight_deposit(&post->flight, p, folder.s, mailbox->uid, mailbox->gid);
	}
	stralloc_free(&folder);
}

/*
 * Note the mailbox of the next recipient, "" for none.  Returns the first recipient of
 * the job with the same one, itself if there is none before.
 */
static size_t
note_mailbox(struct order *o, size_t index, const char *address)
{
	struct order_rest *rest = &o->rest[index];
	size_t i;

	rest->hash = queueid_hash(address, 0);
	rest->box = o->boxes.len;
	text_catb(&o->boxes, address, strlen(address) + 1);
	for (i = 0; *address != '\0' && i < index; i++)
		if (o->rest[i].hash == rest->hash &&
		    strcmp(o->boxes.s + o->rest[i].box, address) == 0)
			return i;
	return index;
}

static void
begin_recipient(struct order_post *post, struct order *o, size_t i, struct deposit *p)
{
	enum way_kind kind = way_find(&post->way, &o->job, i, &o->answers[i]);
	const struct user *mailbox = post->way.mailbox;
	struct order_rest *rest = &o->rest[i];

	rest->same = note_mailbox(o, i, kind == WAY_MAILBOX ? mailbox->address.s : "");
	if (kind == WAY_ALIAS)
		text_catb(
		    &rest->targets, post->way.user.targets.s, post->way.user.targets.len);
	else if (kind == WAY_MAILBOX && rest->same == i)
		into_mailbox(post, o, i, mailbox, p);
}

int
order_begin(struct order_post *post, struct order *o)
{
	size_t count = o->job.envelope.count;
	struct deposit *p;

	if (o->answers == NULL) {
		o->answers = heap_make(count, sizeof(*o->answers));
		o->rest = heap_make(count, sizeof(*o->rest));
	}
	while (o->begun < count && (p = flight_take(&post->flight)) != NULL)
		begin_recipient(post, o, o->begun++, p);
	return o->begun == count;
}

static void
end_deposit(const struct deposit *p, struct outcome *answer)
{
	char bytes[DECIMAL_MAX];

	deposit_report(p, answer);
	if (answer->letter == 'K')
		log_event(p->job->id, "delivered", "rcpt",
		    p->job->envelope.recipients[p->index].address, "mailbox",
		    p->mailbox.s, "bytes", text_decimal(bytes, p->delivery.size),
		    /* the file was there: queue-audit counts on it */
		    "again", p->delivery.named ? NULL : "1", (char *)NULL);
}

void
order_deposit(struct order_post *post)
{
	struct flight *f = &post->flight;
	struct deposit *p;

	flight_turn(f);
	while ((p = flight_over(f)) != NULL) {
		struct order *o = p->order;

		end_deposit(p, &o->answers[p->index]);
		o->waiting--;
		flight_give_back(f, p);
	}
}

int
order_is_over(const struct order *o)
{
	return o->answers != NULL && o->ended == o->job.envelope.count;
}

void
order_done(struct order *o)
{
	size_t i;

	for (i = 0; o->answers != NULL && i < o->job.envelope.count; i++) {
		outcome_free(&o->answers[i]);
		stralloc_free(&o->rest[i].targets);
	}
	free(o->answers);
	free(o->rest);
	o->answers = NULL;
	o->rest = NULL;
	o->begun = o->waiting = o->sent = o->sending = o->ended = o->box = 0;
	o->boxes.len = 0;
	if (o->job.bytes.a > KEPT_MAX) {
		stralloc_free(&o->job.bytes);
		stralloc_free(&o->boxes);
		envelope_free(&o->job.envelope);
	}
	job_done(&o->job);
}
