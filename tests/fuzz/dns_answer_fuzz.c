/* What dns-serve seems to say points into what it has said. */

#include <stdint.h>
#include <stdlib.h>

#include "lib/dns_answer.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data, *record, *end = s + len;
	struct dns_answer answer;
	unsigned preference;
	size_t size;

	if (!dns_answer_parse(&answer, s, len))
		return 0;
	if (answer.name < s || answer.name + answer.name_len > end ||
	    answer.records + answer.records_len != end)
		abort();
	while (dns_answer_next(&answer, &record, &size)) {
		if (record < s || record + size > end)
			abort();
		record = dns_answer_mx(record, size, &preference);
		if (record != NULL && preference > 65535)
			abort();
	}
	if (answer.records_len > 0)
		abort();
	return 0;
}
