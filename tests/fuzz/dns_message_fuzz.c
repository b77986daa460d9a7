/* An answer of the DNS, whatever it holds, becomes one that a client can take apart. */

#include <stdint.h>
#include <stdlib.h>

#include "dns/dns_message.h"
#include "lib/text.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const unsigned types[] = {1, 5, 12, 15, 16, 28, 52};
	static stralloc name, records, said;
	struct dns_answer answer = {0}, again;
	const char *s;
	size_t i, size;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++) {
		records.len = said.len = 0;
		dns_message_read(&answer, &name, &records, data, len, types[i]);
		if ((answer.status == DNS_ANSWER_FOUND) != (records.len > 0))
			abort();
		answer.name = name.s;
		answer.name_len = answer.status == DNS_ANSWER_FAILED ? 0 : name.len;
		dns_answer_put(&said, &answer);
		text_catb(&said, records.s, records.len);
		if (!dns_answer_parse(&again, said.s, said.len) ||
		    again.status != answer.status || again.name_len != answer.name_len)
			abort();
		while (dns_answer_next(&again, &s, &size))
			;
		if (again.records_len > 0)
			abort();
	}
	return 0;
}
