/* All records of a yes are settings. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tls_answer.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data, *record;
	char letter = tls_answer_judge(s, len);

	if (letter != 'K' && letter != 'Z' && letter != 'D' && letter != 0)
		abort();
	if (letter != 'K')
		return 0;
	for (record = s + 1; record < s + len; record += strlen(record) + 1)
		if ((strncmp(record, "TLS_", 4) != 0 &&
			strncmp(record, "SSL_", 4) != 0) ||
		    strchr(record, '=') == NULL)
			abort();
	return 0;
}
