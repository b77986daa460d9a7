#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/log.h"
#include "lib/policies.h"
#include "lib/policy.h"
#include "lib/policy_results.h"
#include "lib/policy_start.h"
#include "lib/policy_wish.h"
#include "lib/text.h"

#define UNAVAILABLE "451 4.3.0 unable to decide now, try again later"

/* It has failed us: it gets no more questions before the next MAIL, where it is begun
 * anew. */
static char
give_up(struct policies *p, struct policy *policy, const char *reason)
{
	log_event(p->id, "policyfailed", "policy", policy->argv[0], "reason", reason,
	    (char *)NULL);
	if (policy->running)
		close(policy->fd);
	if (policy->running && policy->pid)
		kill(policy->pid, SIGTERM);
	policy->running = policy->pid = 0;
	policy->mail.len = policy->done.len = 0;
	text_set(&p->reply, UNAVAILABLE);
	return 'Z';
}

int
policy_say(const struct policy *policy, const char *s, size_t len)
{
	return send(policy->fd, s, len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len;
}

static int
wishes(const struct policy *policy, int verb)
{
	return policy->wish == -1 || policy->wish & verb;
}

int
policy_wants(const struct policy *policy, const stralloc *request)
{
	unsigned long long size;

	if (!policy->running)
		return 1;
	switch (request->s[0]) {
	case 'd': /* data */
		return wishes(policy, POLICY_WISH_DATA);
	case 's': /* size BYTES */
		return wishes(policy, POLICY_WISH_SIZE) &&
		       (!text_number(request->s + 5, request->len - 5, -1ULL, &size) ||
			   size > policy->room);
	default:
		return 1;
	}
}

/* The next line, without "\n".  Returns null, or why there is none. */
static const char *
next_line(struct policy *policy, int64_t until, char **line, size_t *len)
{
	struct policy_answers *a = policy->answers;
	char *newline;
	ssize_t r;

	for (;;) {
		newline = memchr(a->s + a->start, '\n', a->end - a->start);
		if (newline != NULL) {
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

/* What comes with a yes.  Returns null, or what is wrong with it. */
static const char *
take_yes(struct policy_words *words, const char *s, size_t len)
{
	ssize_t results = policy_results_take(&words->results, s, len);

	s += results;
	len -= (size_t)results;
	if (words->results.len > POLICY_RESULTS_MAX)
		return "too many results";
	if (words->fields.len + len + 1 > POLICY_FIELDS_MAX)
		return "too many header fields";
	if (len > 0) {
		text_catb(&words->fields, s, len);
		text_cat(&words->fields, "\n", (char *)NULL);
	}
	return NULL;
}

/* Take the next answer, what comes with it to words.  Returns 'K', 'Z' or 'D', p->reply
 * set. */
static char
take_answer(
    struct policies *p, struct policy *policy, int64_t until, struct policy_words *words)
{
	const char *failure;
	size_t len;
	char *line, letter;

	failure = next_line(policy, until, &line, &len);
	if (failure != NULL)
		return give_up(p, policy, failure);
	policy->told_room = 0;
	if (policy->wish != -1 && policy_wish_room(line, len, &policy->told_room))
		return 'K';
	letter = policy_answer_judge(line, len);
	if (!letter)
		return give_up(p, policy, "senseless answer");
	if (letter == 'K') {
		failure = take_yes(words, line + 1, len - 1);
		if (failure != NULL)
			return give_up(p, policy, failure);
	} else {
		text_setb(&p->reply, line + 1, len - 1);
	}
	return letter;
}

/*
 * Send helo, if it is due, the mail that was put off, and the request, all at once.
 * Returns 1, or 0.
 */
static int
send_request(const struct policy *policy, const char *name, int is_helo_due,
    const stralloc *request)
{
	stralloc sa = {0};
	int sent;

	text_catb(&sa, policy->done.s, policy->done.len);
	if (is_helo_due)
		text_cat(&sa, "helo ", name, "\n", (char *)NULL);
	if (policy->mail.len)
		text_cat(&sa, policy->mail.s, "\n", (char *)NULL);
	text_catb(&sa, request->s, request->len);
	text_cat(&sa, "\n", (char *)NULL);
	sent = policy_say(policy, sa.s, sa.len);
	stralloc_free(&sa);
	return sent;
}

/*
 * Step over the answers that nobody waited for; that to env is the first.  Returns null,
 * or why that failed.
 */
static const char *
skip_answers(struct policy *policy, int64_t until)
{
	const char *failure = NULL;
	size_t len;
	char *line;

	if (policy->done.len)
		policy->skip++;
	policy->done.len = 0;
	for (; policy->skip && failure == NULL; policy->skip--) {
		failure = next_line(policy, until, &line, &len);
		if (failure == NULL && !policy->is_greeted)
			policy->wish = policy_wish_take(line, len);
		policy->is_greeted = 1;
	}
	return failure;
}

/*
 * Take the answers to helo and to a mail that was put off.  When one refuses, the others
 * are not waited for.
 */
static char
take_first_answers(
    struct policies *p, struct policy *policy, int is_helo_due, int64_t until)
{
	char letter;

	if (is_helo_due) {
		letter = take_answer(p, policy, until, &p->of_helo);
		if (letter != 'K') {
			policy->skip += policy->mail.len ? 2 : 1;
			return letter;
		}
		policy->told_helo = 1;
	}
	if (policy->mail.len) {
		letter = take_answer(p, policy, until, &p->words);
		if (letter != 'K') {
			policy->skip++;
			return letter;
		}
		policy->mail.len = 0;
	}
	return 'K';
}

char
policy_ask(
    struct policies *p, struct policy *policy, const char *name, const stralloc *request)
{
	int64_t until = deadline_now() + POLICY_SECONDS * INT64_C(1000);
	int is_mail = request->s[0] == 'm' || policy->mail.len;
	const char *failure;
	int is_helo_due;
	char letter;

	if (!policy->running && !is_mail)
		return give_up(p, policy, "not running");
	if (!policy->running && policy_start(policy) == -1)
		return give_up(p, policy, strerror(errno));
	is_helo_due = !policy->told_helo && wishes(policy, POLICY_WISH_HELO);
	if (!send_request(policy, name, is_helo_due, request))
		return give_up(p, policy, "does not take requests");
	policy->told_mail |= is_mail;
	failure = skip_answers(policy, until);
	if (failure != NULL)
		return give_up(p, policy, failure);
	letter = take_first_answers(p, policy, is_helo_due, until);
	if (letter != 'K')
		return letter;
	letter = take_answer(p, policy, until, &p->words);
	if (letter == 'K' && request->s[0] == 'r' && policy->told_room < policy->room)
		policy->room = policy->told_room;
	if (policy->running && policy->answers->start != policy->answers->end)
		return give_up(p, policy, "answers unasked");
	return letter;
}
