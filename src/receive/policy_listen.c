#include <string.h>

#include <errmsg.h>

#include "lib/clients.h"
#include "lib/text.h"
#include "receive/policy_environment.h"
#include "receive/policy_listen.h"
#include "receive/policy_serve.h"

extern char **environ;

struct client {
	struct policy_environment environment;
	unsigned long long state;
};

static policy_client_answer *answer;

/* Append the answer to the line s[0..len).  Returns 0 when it makes no sense. */
static int
answer_line(struct client *client, const char *s, size_t len, stralloc *out)
{
	struct policy_request request;

	policy_request_parse(&request, s, len);
	if (policy_request_is(&request, "env")) {
		if (!policy_environment_take(&client->environment, s + request.verb_len,
			len - request.verb_len))
			return 0;
		text_cat(out, "K", NULL);
	} else {
		environ = client->environment.variables;
		answer(&request, &client->state, out);
	}
	text_cat(out, "\n", NULL);
	return 1;
}

static int
take_lines(void *state, stralloc *heard, stralloc *reply)
{
	const char *newline;
	size_t at = 0, len;

	while ((newline = memchr(heard->s + at, '\n', heard->len - at))) {
		len = newline - heard->s - at;
		if (!answer_line(state, heard->s + at, len, reply)) {
			carp("senseless request");
			return -1;
		}
		at += len + 1;
	}
	heard->len -= at;
	memmove(heard->s, heard->s + at, heard->len);
	if (heard->len < POLICY_REQUEST_MAX)
		return 0;
	carp("overlong request");
	return -1;
}

static void
forget(void *state)
{
	struct client *client = state;

	policy_environment_free(&client->environment);
}

int
policy_listen(int listening, size_t most, policy_client_answer *function)
{
	static const struct clients_service service = {
	    sizeof(struct client), take_lines, forget};

	answer = function;
	return clients_serve(listening, most, &service);
}
