#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/log.h"
#include "lib/text.h"
#include "receive/smtp_policy.h"

#define UNAVAILABLE "451 4.3.0 unable to decide now, try again later"

/* It has failed us: it gets no more questions before the next MAIL, where it is begun
 * anew. */
static char
give_up(struct smtp_policies *p, struct smtp_policy *policy, const char *reason)
{
	log_event(
	    p->id, "policyfailed", "policy", policy->argv[0], "reason", reason, NULL);
	if (policy->running)
		close(policy->fd);
	if (policy->running && policy->pid)
		kill(policy->pid, SIGTERM);
	policy->running = policy->pid = 0;
	policy->mail.len = policy->done.len = 0;
	p->reply.len = 0;
	text_cat(&p->reply, UNAVAILABLE, NULL);
	text_terminate(&p->reply);
	return 'Z';
}

int
smtp_policy_say(const struct smtp_policy *policy, const char *s, size_t len)
{
	return send(policy->fd, s, len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len;
}

/* The next line, without "\n".  Returns null, or why there is none. */
static const char *
next_line(struct smtp_policy *policy, int64_t until, char **line, size_t *len)
{
	struct smtp_policy_answers *a = policy->answers;
	char *newline;
	ssize_t r;

	for (;;) {
		newline = memchr(a->s + a->start, '\n', a->end - a->start);
		if (newline) {
			*line = a->s + a->start;
			*len = newline - *line;
			a->start += *len + 1;
			return NULL;
		}
		memmove(a->s, a->s + a->start, a->end - a->start);
		a->end -= a->start;
		a->start = 0;
		if (a->end == sizeof a->s)
			return "overlong answer";
		if (deadline_now() >= until)
			return "no answer in time";
		r = recv(policy->fd, a->s + a->end, sizeof a->s - a->end, 0);
		if (r == -1 && errno == EAGAIN)
			return "no answer in time";
		if (r == -1 && errno != EINTR)
			return strerror(errno);
		if (!r)
			return "ended without an answer";
		if (r > 0)
			a->end += r;
	}
}

/* Take the next answer, its field to fields.  Returns 'K', 'Z' or 'D', p->reply set. */
static char
take_answer(
    struct smtp_policies *p, struct smtp_policy *policy, int64_t until, stralloc *fields)
{
	const char *failure;
	size_t len;
	char *line, letter;

	failure = next_line(policy, until, &line, &len);
	if (failure)
		return give_up(p, policy, failure);
	letter = smtp_policy_judge(line, len);
	if (!letter)
		return give_up(p, policy, "senseless answer");
	if (letter != 'K') {
		p->reply.len = 0;
		text_catb(&p->reply, line + 1, len - 1);
		text_terminate(&p->reply);
	} else if (fields->len + len > SMTP_POLICY_FIELDS_MAX) {
		return give_up(p, policy, "too many header fields");
	} else if (len > 1) {
		text_catb(fields, line + 1, len - 1);
		text_cat(fields, "\n", NULL);
	}
	return letter;
}

/*
 * Send helo, when it has not been told, the mail that was put off, and the request, all
 * at once.  Returns 1, or 0.
 */
static int
send_request(const struct smtp_policy *policy, const char *name, const stralloc *request)
{
	stralloc sa = {0};
	int sent;

	text_catb(&sa, policy->done.s, policy->done.len);
	if (!policy->told_helo)
		text_cat(&sa, "helo ", name, "\n", NULL);
	if (policy->mail.len)
		text_cat(&sa, policy->mail.s, "\n", NULL);
	text_catb(&sa, request->s, request->len);
	text_cat(&sa, "\n", NULL);
	sent = smtp_policy_say(policy, sa.s, sa.len);
	stralloc_free(&sa);
	return sent;
}

/* Step over the answers that nobody waited for.  Returns null, or why that failed. */
static const char *
skip_answers(struct smtp_policy *policy, int64_t until)
{
	const char *failure = NULL;
	size_t len;
	char *line;

	if (policy->done.len)
		policy->skip++;
	policy->done.len = 0;
	for (; policy->skip && !failure; policy->skip--)
		failure = next_line(policy, until, &line, &len);
	return failure;
}

/*
 * Take the answers to helo and to a mail that was put off.  When one refuses, the others
 * are not waited for.
 */
static char
take_first_answers(struct smtp_policies *p, struct smtp_policy *policy, int64_t until)
{
	char letter;

	if (!policy->told_helo) {
		letter = take_answer(p, policy, until, &p->helo_fields);
		if (letter != 'K') {
			policy->skip += policy->mail.len ? 2 : 1;
			return letter;
		}
		policy->told_helo = 1;
	}
	if (policy->mail.len) {
		letter = take_answer(p, policy, until, &p->fields);
		if (letter != 'K') {
			policy->skip++;
			return letter;
		}
		policy->mail.len = 0;
	}
	return 'K';
}

char
smtp_policy_ask(struct smtp_policies *p, struct smtp_policy *policy, const char *name,
    const stralloc *request)
{
	int64_t until = deadline_now() + SMTP_POLICY_SECONDS * INT64_C(1000);
	int is_mail = request->s[0] == 'm' || policy->mail.len;
	const char *failure;
	char letter;

	if (!policy->running && !is_mail)
		return give_up(p, policy, "not running");
	if (!policy->running && smtp_policy_start(policy) == -1)
		return give_up(p, policy, strerror(errno));
	if (!send_request(policy, name, request))
		return give_up(p, policy, "does not take requests");
	policy->told_mail |= is_mail;
	failure = skip_answers(policy, until);
	if (failure)
		return give_up(p, policy, failure);
	letter = take_first_answers(p, policy, until);
	if (letter != 'K')
		return letter;
	letter = take_answer(p, policy, until, &p->fields);
	if (policy->running && policy->answers->start != policy->answers->end)
		return give_up(p, policy, "answers unasked");
	return letter;
}
