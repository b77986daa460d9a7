#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/policies.h"
#include "lib/policy_results.h"
#include "lib/policy_wish.h"
#include "lib/text.h"

int
policies_add(struct policies *p, char *command, int is_late)
{
	struct policy *policy = &p->list[p->count];
	size_t words = 0;
	char *word, *rest;

	if (p->count == POLICIES_MAX)
		return 0;
	for (word = strtok_r(command, " \t", &rest); word != NULL;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (words == POLICY_WORDS_MAX)
			return 0;
		policy->argv[words++] = word;
	}
	policy->is_late = is_late;
	p->count++;
	return words > 0;
}

void
policies_forget_helo(struct policies *p)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		p->list[i].told_helo = 0;
	p->of_helo.fields.len = p->of_helo.results.len = 0;
}

/*
 * One that is asked about recipients only: the mail goes to it with the first of them,
 * which saves two rounds a message.  Once it has refused that, or the helo, it has
 * refused all recipients.
 */
static char
ask_late(
    struct policies *p, struct policy *policy, const char *name, const stralloc *request)
{
	char letter;
	int is_first;

	switch (request->s[0]) {
	case 'm':
		text_setb(&policy->mail, request->s, request->len);
		policy->refusal.len = 0;
		return 'K';
	case 'r':
	case 's': /* size */
		break;
	default:
		return 'K';
	}
	if (policy->refusal.len) {
		text_setb(&p->reply, policy->refusal.s + 1, policy->refusal.len - 1);
		return policy->refusal.s[0];
	}
	is_first = policy->mail.len > 0;
	letter = policy_ask(p, policy, name, request);
	if (is_first && policy->mail.len) {
		text_setb(&policy->refusal, &letter, 1);
		text_catb(&policy->refusal, p->reply.s, p->reply.len);
		policy->mail.len = 0;
	}
	return letter;
}

char
policies_ask(struct policies *p, const char *name, const stralloc *request)
{
	size_t i, fields = p->words.fields.len, results = p->words.results.len;
	char letter;

	for (i = 0; i < p->count; i++) {
		if (request->s[0] == 'm')
			p->list[i].room = -1ULL; /* nobody is in it yet */
		if (!policy_wants(&p->list[i], request))
			continue;
		letter = (p->list[i].is_late ? ask_late : policy_ask)(
		    p, &p->list[i], name, request);
		if (letter != 'K') {
			p->words.fields.len = fields;
			p->words.results.len = results;
			return letter;
		}
	}
	return 'K';
}

void
policies_put_fields(const struct policies *p, stralloc *sa)
{
	text_catb(sa, p->of_helo.fields.s, p->of_helo.fields.len);
	text_catb(sa, p->words.fields.s, p->words.fields.len);
}

int
policies_export(const struct policies *p)
{
	if (policy_results_export(&p->of_helo.results) == -1)
		return -1;
	return policy_results_export(&p->words.results);
}

void
policies_put_results(const struct policies *p, stralloc *sa)
{
	text_catb(sa, p->of_helo.results.s, p->of_helo.results.len);
	text_catb(sa, p->words.results.s, p->words.results.len);
}

int
policies_withdraw(const struct policies *p)
{
	if (policy_results_withdraw(&p->of_helo.results) == -1)
		return -1;
	return policy_results_withdraw(&p->words.results);
}

/* Nobody waits for the answer: the next request steps over it. */
static void
tell_done(struct policy *policy, const stralloc *request)
{
	policy->told_mail = 0;
	if (!policy->running ||
	    (policy->wish != -1 && !(policy->wish & POLICY_WISH_DONE)))
		return;
	if (policy->is_late)
		text_setb(&policy->done, request->s, request->len);
	else if (policy_say(policy, request->s, request->len))
		policy->skip++;
}

void
policies_done(
    struct policies *p, unsigned recipients, unsigned refused, unsigned messages)
{
	char a[DECIMAL_MAX], b[DECIMAL_MAX], c[DECIMAL_MAX];
	struct policy *policy;
	stralloc request = {0};

	for (policy = p->list; policy < p->list + p->count; policy++) {
		if (!policy->told_mail)
			continue;
		if (!request.len)
			text_cat(&request,
			    "done RECIPIENTS=", text_decimal(a, recipients),
			    " REFUSED=", text_decimal(b, refused),
			    " MESSAGES=", text_decimal(c, messages), "\n", (char *)NULL);
		tell_done(policy, &request);
	}
	stralloc_free(&request);
	p->words.fields.len = p->words.results.len = 0;
}

void
policies_restart(struct policies *p)
{
	struct policy *policy;

	for (policy = p->list; policy < p->list + p->count; policy++)
		if (policy->running) {
			/* not closed, as below; the child is waited for at the end */
			shutdown(policy->fd, SHUT_WR);
			policy->running = policy->pid = 0;
			policy->done.len = 0;
		}
	policies_forget_helo(p);
}

/* Are there answers under way?  To close it without them would look like an error. */
static int
is_owed(const struct policy *policy)
{
	return policy->skip > 0 || policy->done.len > 0;
}

void
policies_end(struct policies *p)
{
	struct policy *policy;
	int started = 0;

	for (policy = p->list; policy < p->list + p->count; policy++) {
		if (!policy->running)
			continue;
		if (policy->done.len > 0)
			policy_say(policy, policy->done.s, policy->done.len);
		if (policy->pid != 0 || is_owed(policy))
			shutdown(policy->fd, SHUT_WR);
		else
			close(policy->fd);
		policy->running = 0;
		started |= policy->pid != 0;
	}
	if (!started)
		return;
	alarm(POLICY_SECONDS);
	while (wait(NULL) != -1 || errno == EINTR)
		;
}
