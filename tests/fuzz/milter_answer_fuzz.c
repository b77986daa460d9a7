/*
 * What a milter answers: a refusal is a reply that a policy may give, on one line; and
 * the macros that it wants are those that there are.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/policy_answer.h"
#include "lib/text.h"
#include "milter/milter_answer.h"
#include "milter/milter_macros.h"

static void
check_reply(const stralloc *reply)
{
	stralloc line = {0};
	char letter = reply->s[0] == '5' ? 'D' : 'Z';

	text_catb(&line, &letter, 1);
	text_catb(&line, reply->s, strlen(reply->s));
	if (strlen(reply->s) != reply->len ||
	    policy_answer_judge(line.s, line.len) != letter)
		abort();
	stralloc_free(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct milter_packet_reader r = {(const char *)data, len};
	struct milter_macros_message none = {0};
	struct milter_macros macros;
	stralloc reply = {0}, out = {0};
	int stage;

	if (len > 0 && milter_answer_judge((char)data[0], r.s + 1, len - 1, &reply) ==
			   MILTER_VERDICT_REFUSED)
		check_reply(&reply);
	milter_macros_usual(&macros);
	milter_macros_take(&macros, &r);
	for (stage = 0; stage < MILTER_MACROS_STAGES; stage++)
		milter_macros_put(
		    &out, &macros, (enum milter_macros_stage)stage, 'M', &none);
	stralloc_free(&reply);
	stralloc_free(&out);
	return 0;
}
