/* What a client of dkim-serve asks lies in its question, and can be written again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dkim/signature.h"
#include "dkim/signing_question.h"
#include "lib/netstring.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct signing_question question;
	const char *s = (const char *)data;
	stralloc again = {0};
	size_t start, size;

	if (signing_question_take(&question, s, len) == -1)
		return 0;
	if (question.header + question.header_len > s + len ||
	    memchr(question.names, ';', question.names_len) != NULL ||
	    memchr(question.names, '\n', question.names_len) != NULL)
		abort();
	signing_question_put(&again, &question);
	if (netstring_scan(again.s, again.len, SIGNING_QUESTION_MAX, &start, &size) <=
		0 ||
	    size > len)
		abort();
	stralloc_free(&again);
	return 0;
}
