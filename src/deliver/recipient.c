#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "deliver/forward.h"
#include "deliver/recipient.h"
#include "deliver/trace.h"
#include "lib/address.h"
#include "lib/log.h"
#include "lib/notify.h"
#include "lib/text.h"

/* The newest fields of the header tell.  1, 0, or -1 with errno. */
static int
is_loop(const struct job *job, const char *recipient)
{
	char header[TRACE_MAX];
	size_t len = job->length < TRACE_MAX ? (size_t)job->length : TRACE_MAX;
	ssize_t r;

	do
		r = pread(job->fd, header, len, job->offset);
	while (r == -1 && errno == EINTR);
	return r == -1 ? -1 : trace_loops(header, (size_t)r, recipient);
}

/* Log what the answer says, now that it is known. */
static void
conclude(const struct job *job, size_t index, const struct answer *answer)
{
	if (answer->letter != 'K')
		log_event(job->id, answer->letter == 'D' ? "refused" : "deferred", "rcpt",
		    job->envelope.recipients[index].address, "status", answer->status,
		    "text", answer->text.s, (char *)NULL);
}

static void
conclude_deposit(const struct deposit *p)
{
	const struct envelope *e = &p->job->envelope;
	char bytes[DECIMAL_MAX];

	conclude(p->job, p->index, p->answer);
	if (p->answer->letter != 'K')
		return;
	log_event(p->job->id, "delivered", "rcpt", e->recipients[p->index].address,
	    "mailbox", p->mailbox.s, "bytes", text_decimal(bytes, p->delivery.size),
	    /* the file was there: queue-audit counts on it */
	    "again", p->delivery.named ? NULL : "1", (char *)NULL);
	if (notify_wants(envelope_recipient_parameter(e, p->index, "NOTIFY"), "SUCCESS"))
		answer_lead(p->answer, NOTIFY_DELIVERED);
}

/* Many recipients of one message share the syncs. */
static void
end_deposits(struct post *post)
{
	size_t i;

	deposits_end(post->deposits, post->begun);
	for (i = 0; i < post->begun; i++)
		conclude_deposit(&post->deposits[i]);
	post->begun = 0;
}

static void
into_mailbox(struct post *post, const struct job *job, size_t index,
    const struct user *mailbox, struct answer *answer)
{
	struct deposit *deposit = &post->deposits[post->begun];

	deposit->job = job;
	deposit->index = index;
	deposit->answer = answer;
	deposit->mailbox.len = 0;
	text_cat(&deposit->mailbox, mailbox->address.s, (char *)NULL);
	text_terminate(&deposit->mailbox);
	deposit->uid = mailbox->uid;
	deposit->gid = mailbox->gid;
	deposit->by_alias = mailbox != &post->user;
	deposit->host = post->me.s;
	if (directory_quota(mailbox, &deposit->delivery.quota) == -1) {
		answer_trouble(answer, "read control/quota");
		conclude(job, index, answer);
	} else if (deposit_begin(deposit)) {
		post->begun++;
	} else {
		conclude_deposit(deposit);
	}
	if (post->begun == DEPOSITS_MAX)
		end_deposits(post);
}

static void
to_targets(struct post *post, const struct job *job, size_t index, struct answer *answer)
{
	struct forward forward = {.job = job,
	    .index = index,
	    .targets = &post->user.targets,
	    .sink = post->sink};

	if (post->user.targets.len == 0) {
		answer_set(answer, 'Z', "4.3.5", "alias ", post->user.address.s,
		    " leads nowhere", (char *)NULL);
		return;
	}
	forward_send(&forward, answer);
	if (answer->letter == 'K')
		log_event(job->id, "forwarded", "rcpt",
		    job->envelope.recipients[index].address, "new", forward.id,
		    (char *)NULL);
}

/* Nobody: for good, unless the domain is not ours at all (any more). */
static void
unknown(struct post *post, const char *recipient, struct answer *answer)
{
	size_t len = strlen(recipient), domain = address_domain(recipient, len);

	if (domain > 0 &&
	    users_domain(&post->users, recipient + domain, len - domain) == 0)
		answer_set(answer, 'Z', "4.3.5", recipient + domain,
		    " is not a domain of this system", (char *)NULL);
	else
		answer_set(answer, 'D', "5.1.1", "no mailbox or alias ", recipient,
		    (char *)NULL);
}

/* Whose mailbox is it for?  Null when the answer is set. */
static const struct user *
find_mailbox(
    struct post *post, const struct job *job, size_t index, struct answer *answer)
{
	const char *recipient = job->envelope.recipients[index].address;
	int loop, found, only = 0;

	loop = is_loop(job, recipient);
	if (loop == -1) {
		answer_trouble(answer, "read the message");
		return NULL;
	}
	if (loop) {
		answer_set(answer, 'D', "5.4.6",
		    "the message loops: it has been delivered to ", recipient, " before",
		    (char *)NULL);
		return NULL;
	}
	found = users_refresh(&post->users);
	if (found == 0)
		found =
		    users_find(&post->users, recipient, strlen(recipient), &post->user);
	if (found == 1 && post->user.kind == USER_ALIAS)
		only = directory_only_mailbox(&post->users, &post->user, &post->target);
	if (found == -1 || only == -1)
		answer_trouble(answer, "read " USERS_CDB);
	else if (found == 0)
		unknown(post, recipient, answer);
	else if (post->user.kind == USER_MAILBOX)
		return &post->user;
	else if (only)
		return &post->target;
	else
		to_targets(post, job, index, answer);
	return NULL;
}

void
recipients_deliver(struct post *post, const struct job *job, struct answer *answers)
{
	const struct user *mailbox;
	size_t i;

	for (i = 0; i < job->envelope.count; i++) {
		mailbox = find_mailbox(post, job, i, &answers[i]);
		if (mailbox != NULL)
			into_mailbox(post, job, i, mailbox, &answers[i]);
		else
			conclude(job, i, &answers[i]);
	}
	end_deposits(post);
}
