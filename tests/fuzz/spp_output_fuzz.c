/* Whatever a plugin says, what is made of it is an answer that smtp-recv understands. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/policies.h"
#include "policy/spp_output.h"

static void
check(const char *s, size_t len)
{
	stralloc answer = {0};
	size_t text;

	if (spp_output_scan(s, len, &text) == SPP_SET &&
	    memchr(s + text, '=', len - text) == NULL)
		abort();
	if (text > len)
		abort();
	spp_output_refuse(&answer, s + text, len - text);
	if (answer.len > POLICY_ANSWER_MAX - 1 ||
	    memchr(answer.s, '\n', answer.len) != NULL)
		abort();
	switch (policy_answer_judge(answer.s, answer.len)) {
	case 'Z':
	case 'D':
		break;
	default:
		abort();
	}
	stralloc_free(&answer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data, *end;

	while (len) {
		end = memchr(s, '\n', len);
		check(s, end != NULL ? (size_t)(end - s) : len);
		if (end == NULL)
			break;
		len -= (size_t)(end + 1 - s);
		s = end + 1;
	}
	return 0;
}
