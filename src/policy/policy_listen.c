#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/clients.h"
#include "lib/deadline.h"
#include "lib/policy_environment.h"
#include "lib/policy_wish.h"
#include "lib/ready.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "policy/policy_listen.h"
#include "policy/policy_serve.h"

struct session {
	struct policy_environment environment;
	int heeds; /* what answers say of wishes and room: lib/policy_wish */
	int waits; /* the last request is not yet answered */
	_Alignas(max_align_t) char state[];
};

static const struct policy_listen_service *policy;

static int
heeds_wishes(const struct policy_environment *environment)
{
	char *const *pair = environment->variables;

	while (*pair != NULL && strcmp(*pair, POLICY_WISH_HEEDED) != 0)
		pair++;
	return *pair != NULL;
}

/*
 * Append the answer to the line s[0..len).  Returns 0, or -1 when the request makes no
 * sense.
 */
static int
answer_line(struct session *session, const char *s, size_t len, stralloc *out)
{
	struct policy_request request;
	struct client client;

	policy_request_parse(&request, s, len);
	if (policy_request_is(&request, "env")) {
		if (!policy_environment_take(&session->environment, s + request.verb_len,
			len - request.verb_len))
			return -1;
		session->heeds = heeds_wishes(&session->environment);
		text_cat(out, "K", (char *)NULL);
		if (session->heeds && policy->asks != NULL)
			text_cat(out, "asks ", policy->asks, (char *)NULL);
	} else {
		client_take(&client, session->environment.variables);
		request.client = &client;
		request.heeds_room = session->heeds;
		session->waits = !policy->answer(&request, session->state, out);
	}
	if (!session->waits)
		text_cat(out, "\n", (char *)NULL);
	return 0;
}

/* Tell the service of the line behind the one that ends at s, if all of it is in
 * s[0..len).
 */
static void
foresee(struct session *session, const char *s, size_t len)
{
	const char *newline = memchr(s, '\n', len);
	struct policy_request request;

	if (newline == NULL)
		return;
	policy_request_parse(&request, s, (size_t)(newline - s));
	policy->foresee(&request, session->state);
}

/* The lines of heard up to the first that has to be waited for. */
static int
take_lines(void *state, stralloc *heard, stralloc *reply)
{
	struct session *session = state;
	const char *newline;
	size_t at = 0, len;

	if (session->waits && policy->go_on(session->state, reply)) {
		session->waits = 0;
		text_cat(reply, "\n", (char *)NULL);
	}
	while (!session->waits && heard->len > at &&
	       (newline = memchr(heard->s + at, '\n', heard->len - at)) != NULL) {
		len = newline - heard->s - at;
		if (policy->foresee != NULL)
			foresee(session, newline + 1, heard->len - at - len - 1);
		if (answer_line(session, heard->s + at, len, reply) == -1) {
			carp("senseless request");
			return -1;
		}
		at += len + 1;
	}
	heard->len -= at;
	if (at > 0)
		memmove(heard->s, heard->s + at, heard->len);
	if (session->waits || heard->len < POLICY_REQUEST_MAX)
		return 0;
	carp("overlong request");
	return -1;
}

static const struct clients_wait *
waits(const void *state)
{
	const struct session *session = state;

	return session->waits ? policy->waits(session->state) : NULL;
}

static void
forget(void *state)
{
	struct session *session = state;

	policy_environment_free(&session->environment);
	policy->forget(session->state);
}

void
policy_listen(size_t most, const struct policy_listen_service *service)
{
	const struct clients_service clients = {
	    .state_size = sizeof(struct session) + service->state_size,
	    .take = take_lines,
	    .forget = forget,
	    .waits = waits};

	policy = service;
	ready_tell();
	clients_serve(0, most, &clients);
	diesys(DEFER, "unable to serve the socket");
}

void
policy_listen_answer(const struct policy_listen_service *service,
    const struct policy_request *request, void *state, stralloc *out)
{
	const struct clients_wait *wait = service->waits(state);
	int answered = service->answer(request, state, out);

	while (!answered) {
		deadline_wait(wait->fd, wait->events, wait->until);
		answered = service->go_on(state, out);
	}
}
