/* An answer that is taken makes one clean line of a reply or of a header. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/policy_answer.h"
#include "lib/text.h"
#include "lib/verdict.h"
#include "smtp/sink_reply.h"

static void
must_be_line(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (((unsigned char)s[i] < ' ' && s[i] != '\t') || s[i] == 127)
			abort();
}

/* What we make of a sink's report is one of our own answers. */
static void
check_report(int verdict, const char *s, size_t len)
{
	static stralloc reply, answer;

	sink_reply_put(&reply, verdict, s, len);
	answer.len = 0;
	text_cat(&answer, verdict == REJECT ? "D" : "Z", reply.s, NULL);
	if (strlen(reply.s) != reply.len || reply.len > 510 ||
	    !policy_answer_judge(answer.s, answer.len))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	char letter = policy_answer_judge(s, len);

	if (letter) {
		must_be_line(s, len);
		if (letter != s[0] ||
		    (letter == 'K' && len > 1 && memchr(s, ':', len) == NULL &&
			memcmp(s, "Kenv", 4) != 0) ||
		    (letter == 'Z' && s[1] != '4') || (letter == 'D' && s[1] != '5'))
			abort();
	}
	check_report(REJECT, s, len);
	check_report(DEFER, s, len);
	return 0;
}
