/* The parts of SCRAM's messages, and of the question that carries one, lie within them.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth/scram_exchange.h"
#include "auth/scram_message.h"
#include "lib/scram_keys.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	struct scram_question question;
	struct scram_first first;
	struct scram_final final;
	struct scram keys;

	if (scram_message_first_parse(&first, s, len) &&
	    (first.header_len > len || first.nonce < s || !first.nonce_len ||
		first.nonce + first.nonce_len > s + len || !*first.name))
		abort();
	if (scram_message_final_parse(&final, s, len) &&
	    (final.channel + final.channel_len > s + len || final.nonce < s ||
		final.nonce + final.nonce_len > s + len || final.unproved_len >= len))
		abort();
	if (scram_exchange_question_parse(&question, s, len) &&
	    question.message + strlen(question.message) + 1 != s + len)
		abort();
	if (scram_keys_scan(&keys, s, len) && !keys.iterations)
		abort();
	return 0;
}
