#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/durable.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "receive/policy_serve.h"

/* Answer the whole lines of s[0..len), in one write; returns the bytes that they take. */
static size_t
answer_all(policy_answer *answer, const char *s, size_t len)
{
	static stralloc out; /* a cache */
	struct policy_request request;
	const char *newline;
	size_t at = 0;

	out.len = 0;
	while ((newline = memchr(s + at, '\n', len - at))) {
		policy_request_parse(&request, s + at, newline - s - at);
		answer(&request, &out);
		text_cat(&out, "\n", NULL);
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
	size_t used = 0, taken;
	ssize_t r;

	while ((r = read(0, requests + used, sizeof requests - used)) != 0) {
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			diesys(DEFER, "unable to read a request");
		used += r;
		taken = answer_all(answer, requests, used);
		used -= taken;
		memmove(requests, requests + taken, used);
		if (used == sizeof requests)
			die(DEFER, "overlong request");
	}
}
