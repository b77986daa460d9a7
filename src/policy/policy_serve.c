#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/durable.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "policy/policy_serve.h"

extern char **environ;

/* Answer the whole lines of s[0..len), in one write; returns the bytes that they take. */
static size_t
answer_all(policy_answer *answer, struct client *client, const char *s, size_t len)
{
	static stralloc out; /* a cache */
	struct policy_request request;
	const char *newline;
	size_t at = 0;

	out.len = 0;
	while ((newline = memchr(s + at, '\n', len - at)) != NULL) {
		policy_request_parse(&request, s + at, newline - s - at);
		request.client = client;
		answer(&request, &out);
		text_cat(&out, "\n", (char *)NULL);
		at = newline - s + 1;
	}
	if (out.len && durable_write(1, out.s, out.len) == -1)
		diesys(DEFER, "unable to answer");
	return at;
}

void
policy_serve(policy_answer *answer)
{
	static char requests[POLICY_REQUEST_MAX];
	struct client client;
	size_t used = 0, taken;
	ssize_t r;

	client_take(&client, environ);
	while ((r = read(0, requests + used, sizeof requests - used)) != 0) {
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			diesys(DEFER, "unable to read a request");
		used += r;
		taken = answer_all(answer, &client, requests, used);
		used -= taken;
		memmove(requests, requests + taken, used);
		if (used == sizeof requests)
			die(DEFER, "overlong request");
	}
}
