/* Whatever a plugin says, what is made of it is an answer that smtp-recv understands. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "receive/smtp_policy.h"
#include "receive/spp_output.h"

static void
check(const char *s, size_t len)
{
	stralloc answer = {0};
	size_t text;

	if (spp_output_scan(s, len, &text) == SPP_SET &&
	    !memchr(s + text, '=', len - text))
		abort();
	if (text > len)
		abort();
	spp_output_refuse(&answer, s + text, len - text);
	if (answer.len > SMTP_POLICY_LINE_MAX - 1 || memchr(answer.s, '\n', answer.len))
		abort();
	switch (smtp_policy_judge(answer.s, answer.len)) {
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
		check(s, end ? (size_t)(end - s) : len);
		if (!end)
			break;
		len -= (size_t)(end + 1 - s);
		s = end + 1;
	}
	return 0;
}
