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

static void
into_mailbox(struct post *post, const struct job *job, size_t index,
    const struct user *mailbox, struct answer *answer)
{
	const char *recipient = job->envelope.recipients[index].address;
	struct deposit *deposit = &post->deposit;
	char bytes[DECIMAL_MAX];

	deposit->job = job;
	deposit->recipient = recipient;
	deposit->mailbox = mailbox;
	deposit->by_alias = mailbox != &post->user;
	deposit->host = post->me.s;
	if (directory_quota(mailbox, &deposit->delivery.quota) == -1) {
		answer_trouble(answer, "read control/quota");
		return;
	}
	deposit_make(deposit, answer);
	if (answer->letter != 'K')
		return;
	log_event(job->id, "delivered", "rcpt", recipient, "mailbox", mailbox->address.s,
	    "bytes", text_decimal(bytes, deposit->delivery.size), (char *)NULL);
	if (notify_wants(
		envelope_recipient_parameter(&job->envelope, index, "NOTIFY"), "SUCCESS"))
		answer_lead(answer, NOTIFY_DELIVERED);
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
	    users_domain(&post->directory.users, recipient + domain, len - domain) == 0)
		answer_set(answer, 'Z', "4.3.5", recipient + domain,
		    " is not a domain of this system", (char *)NULL);
	else
		answer_set(answer, 'D', "5.1.1", "no mailbox or alias ", recipient,
		    (char *)NULL);
}

static void
decide(struct post *post, const struct job *job, size_t index, struct answer *answer)
{
	const char *recipient = job->envelope.recipients[index].address;
	int loop, found, only = 0;

	loop = is_loop(job, recipient);
	if (loop == -1) {
		answer_trouble(answer, "read the message");
		return;
	}
	if (loop) {
		answer_set(answer, 'D', "5.4.6",
		    "the message loops: it has been delivered to ", recipient, " before",
		    (char *)NULL);
		return;
	}
	found = directory_refresh(&post->directory);
	if (found == 0)
		found = users_find(
		    &post->directory.users, recipient, strlen(recipient), &post->user);
	if (found == 1 && post->user.kind == USER_ALIAS)
		only =
		    directory_only_mailbox(&post->directory, &post->user, &post->target);
	if (found == -1 || only == -1)
		answer_trouble(answer, "read " USERS_CDB);
	else if (found == 0)
		unknown(post, recipient, answer);
	else if (post->user.kind == USER_MAILBOX)
		into_mailbox(post, job, index, &post->user, answer);
	else if (only)
		into_mailbox(post, job, index, &post->target, answer);
	else
		to_targets(post, job, index, answer);
}

void
recipient_deliver(
    struct post *post, const struct job *job, size_t index, struct answer *answer)
{
	decide(post, job, index, answer);
	if (answer->letter != 'K')
		log_event(job->id, answer->letter == 'D' ? "refused" : "deferred", "rcpt",
		    job->envelope.recipients[index].address, "status", answer->status,
		    "text", answer->text.s, (char *)NULL);
}
