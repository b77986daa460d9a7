#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/durable.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "milter/milter_policy.h"
#include "milter/milter_share.h"

#define REQUEST_MAX 8192
#define MILLISECONDS 50000 /* for an answer: smtp-recv waits a minute */
#define LEND_SECONDS 3600  /* the sink has deadlines of its own */
#define TROUBLE "Z451 4.7.1 unable to ask a filter, try again later"

/* The policy at work. */
struct policy_work {
	struct milter_session *t;
	const char *address;
	int is_optional;
	int is_given_up; /* for this connection */
	int is_lost;     /* for this message, which it does not pass unasked */
	int listener;
	char name[MILTER_SHARE_NAME_MAX];
	stralloc helo, sender;
	stralloc refusal; /* of the connection: a C string */
};

/* Words of a request. */
struct request {
	const char *verb, *address, *parameters;
};

static void
take_words(struct request *r, char *line)
{
	static char none[] = "";
	char *s = line + strcspn(line, " "), *end;

	*r = (struct request){.verb = line, .address = none, .parameters = none};
	if (*s == '\0')
		return;
	*s++ = '\0';
	r->address = s;
	/* blanks within quotes are of the address */
	for (end = s; *end != '\0' && *end != ' '; end++)
		if (*end == '"')
			for (end++; *end != '\0' && *end != '"'; end++)
				end += *end == '\\' && end[1] != '\0';
	if (*end != '\0') {
		*end++ = '\0';
		r->parameters = end;
	}
}

static void
answer_trouble(struct policy_work *w, stralloc *out)
{
	log_event(NULL, "unasked", "milter", w->address, "text", w->t->channel.why,
	    "reason", errno != 0 ? strerror(errno) : NULL, (char *)NULL);
	w->is_given_up = w->is_optional;
	w->is_lost = !w->is_optional;
	text_cat(out, w->is_optional ? "K" : TROUBLE, (char *)NULL);
}

/* What a verdict is to the client; env is what a yes hands on. */
static void
answer(struct policy_work *w, int verdict, const char *env, stralloc *out)
{
	if (verdict == -1) {
		answer_trouble(w, out);
		return;
	}
	if (verdict != MILTER_VERDICT_REFUSED) {
		text_cat(out, "K", env, (char *)NULL);
		return;
	}
	text_cat(out, w->t->reply.s[0] == '5' ? "D" : "Z", w->t->reply.s, (char *)NULL);
}

/* Come as far as a sender can be told.  Returns a verdict, or -1. */
static int
begin(struct policy_work *w)
{
	struct milter_session *t = w->t;
	int verdict = MILTER_VERDICT_NONE;

	if (w->refusal.len > 0) {
		text_set(&t->reply, w->refusal.s);
		return MILTER_VERDICT_REFUSED;
	}
	/* one that was restarted, or has waited long enough, has ended the connection */
	if (t->channel.fd != -1 && milter_channel_is_astray(&t->channel))
		milter_session_close(t);
	if (t->channel.fd == -1 && milter_session_open(t, w->address) == -1)
		return -1;
	if (t->state.stage < MILTER_SESSION_CONNECTED) {
		verdict = milter_talk_connect(t);
		if (verdict == MILTER_VERDICT_REFUSED)
			text_set(&w->refusal, t->reply.s);
	}
	if (verdict != -1 && verdict != MILTER_VERDICT_REFUSED && w->helo.len > 0 &&
	    t->state.stage < MILTER_SESSION_GREETED)
		verdict = milter_talk_helo(t, w->helo.s);
	return verdict;
}

/* Yes, and the sink finds us. */
static const char *
environment(struct policy_work *w)
{
	static stralloc env;
	char variable[MILTER_SHARE_NAME_MAX];

	env.len = 0;
	if (w->listener != -1)
		text_cat(&env, "env ", milter_share_variable(variable, w->address), "=",
		    w->name, (char *)NULL);
	text_terminate(&env);
	return env.s;
}

static void
answer_request(struct policy_work *w, char *line, stralloc *out)
{
	struct request r;
	int verdict = MILTER_VERDICT_NONE;
	const char *env = "";

	take_words(&r, line);
	w->t->channel.last = deadline_now() + MILLISECONDS;
	if (w->is_given_up) {
		text_cat(out, "K", (char *)NULL);
		return;
	}
	if (w->is_lost && (strcmp(r.verb, "rcpt") == 0 || strcmp(r.verb, "data") == 0)) {
		text_cat(out, TROUBLE, (char *)NULL);
		return;
	}
	w->is_lost = 0;
	if (strcmp(r.verb, "helo") == 0) {
		milter_talk_abort(w->t);
		text_set(&w->helo, r.address);
		if (w->t->state.stage > MILTER_SESSION_CONNECTED)
			w->t->state.stage = MILTER_SESSION_CONNECTED;
		verdict = begin(w);
	} else if (strcmp(r.verb, "mail") == 0) {
		milter_talk_abort(w->t);
		text_set(&w->sender, strcmp(r.address, "<>") == 0 ? "" : r.address);
		verdict = begin(w);
		if (verdict != -1 && verdict != MILTER_VERDICT_REFUSED)
			verdict = milter_talk_mail(w->t, NULL, w->sender.s, r.parameters);
		env = environment(w);
	} else if (strcmp(r.verb, "rcpt") == 0 &&
		   w->t->state.stage >= MILTER_SESSION_MAIL) {
		verdict = milter_talk_rcpt(w->t, r.address, r.parameters);
	} else if (strcmp(r.verb, "data") == 0 &&
		   w->t->state.stage >= MILTER_SESSION_RCPT) {
		verdict = milter_talk_data(w->t);
	} else if (strcmp(r.verb, "done") == 0) {
		milter_talk_abort(w->t);
	}
	answer(w, verdict, env, out);
}

/* Answer the whole lines of s[0..len); returns the bytes that they take. */
static size_t
answer_all(struct policy_work *w, char *s, size_t len)
{
	static stralloc out;
	char *newline;
	size_t at = 0;

	out.len = 0;
	while ((newline = memchr(s + at, '\n', len - at)) != NULL) {
		*newline = '\0';
		answer_request(w, s + at, &out);
		text_cat(&out, "\n", (char *)NULL);
		at = (size_t)(newline - s) + 1;
	}
	if (out.len > 0 && durable_write(1, out.s, out.len) == -1)
		diesys(DEFER, "unable to answer");
	return at;
}

/* Wait for a request, and lend the session meanwhile to the sink that wants it. */
static void
await_request(struct policy_work *w)
{
	struct pollfd pollers[] = {
	    {.fd = 0, .events = POLLIN}, {.fd = w->listener, .events = POLLIN}};

	do {
		if (poll(pollers, 2, -1) == -1) {
			if (errno == EINTR)
				continue;
			diesys(DEFER, "unable to wait for a request");
		}
		if (pollers[1].revents)
			milter_share_lend(w->listener, w->t, LEND_SECONDS);
	} while (!pollers[0].revents);
}

void
milter_policy_serve(struct milter_session *t, const char *address, int is_optional)
{
	static char requests[REQUEST_MAX];
	struct policy_work w = {.t = t, .address = address, .is_optional = is_optional};
	size_t used = 0, taken;
	ssize_t r;

	w.listener = milter_share_listen(w.name);
	if (w.listener == -1)
		carpsys("unable to make a socket for the sink");
	for (;;) {
		await_request(&w);
		r = read(0, requests + used, sizeof requests - used);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			diesys(DEFER, "unable to read a request");
		if (r == 0)
			break;
		used += (size_t)r;
		taken = answer_all(&w, requests, used);
		used -= taken;
		memmove(requests, requests + taken, used);
		if (used == sizeof requests)
			die(DEFER, "overlong request");
	}
	milter_session_close(t);
}
