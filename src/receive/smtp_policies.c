#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/text.h"
#include "receive/smtp_policy.h"

int
smtp_policies_add(struct smtp_policies *p, char *command, int is_late)
{
	struct smtp_policy *policy = &p->list[p->count];
	size_t words = 0;
	char *word, *rest;

	if (p->count == SMTP_POLICIES_MAX)
		return 0;
	for (word = strtok_r(command, " \t", &rest); word;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (words == SMTP_POLICY_WORDS_MAX)
			return 0;
		policy->argv[words++] = word;
	}
	policy->is_late = is_late;
	p->count++;
	return words > 0;
}

void
smtp_policies_forget_helo(struct smtp_policies *p)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		p->list[i].told_helo = 0;
	p->helo_fields.len = 0;
}

/* Put s[0..len) into sa as a C string. */
static void
keep(stralloc *sa, const char *s, size_t len)
{
	sa->len = 0;
	text_catb(sa, s, len);
	text_terminate(sa);
}

/*
 * One that is asked about recipients only: the mail goes to it with the first of them,
 * which saves two rounds a message.  Once it has refused that, or the helo, it has
 * refused all recipients.
 */
static char
ask_late(struct smtp_policies *p, struct smtp_policy *policy, const char *name,
    const stralloc *request)
{
	char letter;
	int is_first;

	switch (request->s[0]) {
	case 'm':
		keep(&policy->mail, request->s, request->len);
		policy->refusal.len = 0;
		return 'K';
	case 'r':
		break;
	default:
		return 'K';
	}
	if (policy->refusal.len) {
		keep(&p->reply, policy->refusal.s + 1, policy->refusal.len - 1);
		return policy->refusal.s[0];
	}
	is_first = policy->mail.len > 0;
	letter = smtp_policy_ask(p, policy, name, request);
	if (is_first && policy->mail.len) {
		keep(&policy->refusal, &letter, 1);
		text_catb(&policy->refusal, p->reply.s, p->reply.len);
		policy->mail.len = 0;
	}
	return letter;
}

char
smtp_policies_ask(struct smtp_policies *p, const char *name, const stralloc *request)
{
	size_t i, fields = p->fields.len;
	char letter;

	for (i = 0; i < p->count; i++) {
		letter = (p->list[i].is_late ? ask_late : smtp_policy_ask)(
		    p, &p->list[i], name, request);
		if (letter != 'K') {
			p->fields.len = fields;
			return letter;
		}
	}
	return 'K';
}

/* Nobody waits for the answer: the next request steps over it. */
static void
tell_done(struct smtp_policy *policy, const stralloc *request)
{
	policy->told_mail = 0;
	if (!policy->running)
		return;
	if (policy->is_late)
		keep(&policy->done, request->s, request->len);
	else if (smtp_policy_say(policy, request->s, request->len))
		policy->skip++;
}

void
smtp_policies_done(
    struct smtp_policies *p, unsigned recipients, unsigned refused, unsigned messages)
{
	char a[DECIMAL_MAX], b[DECIMAL_MAX], c[DECIMAL_MAX];
	struct smtp_policy *policy;
	stralloc request = {0};

	for (policy = p->list; policy < p->list + p->count; policy++) {
		if (!policy->told_mail)
			continue;
		if (!request.len)
			text_cat(&request,
			    "done RECIPIENTS=", text_decimal(a, recipients),
			    " REFUSED=", text_decimal(b, refused),
			    " MESSAGES=", text_decimal(c, messages), "\n", NULL);
		tell_done(policy, &request);
	}
	stralloc_free(&request);
	p->fields.len = 0;
}

void
smtp_policies_restart(struct smtp_policies *p)
{
	struct smtp_policy *policy;

	for (policy = p->list; policy < p->list + p->count; policy++)
		if (policy->running) {
			/* not closed, as below; the child is waited for at the end */
			shutdown(policy->fd, SHUT_WR);
			policy->running = policy->pid = 0;
			policy->done.len = 0;
		}
	smtp_policies_forget_helo(p);
}

void
smtp_policies_end(struct smtp_policies *p)
{
	struct smtp_policy *policy;
	int started = 0;

	for (policy = p->list; policy < p->list + p->count; policy++)
		if (policy->running) {
			smtp_policy_say(policy, policy->done.s, policy->done.len);
			/* To close it with an answer unread would look like an error. */
			shutdown(policy->fd, SHUT_WR);
			policy->running = 0;
			started |= policy->pid != 0;
		}
	if (!started)
		return;
	alarm(SMTP_POLICY_SECONDS);
	while (wait(NULL) != -1 || errno == EINTR)
		;
}
