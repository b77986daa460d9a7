/* A question to dns-serve that is understood has a type, and a name that is one string.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dns/guests.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static stralloc words;
	struct guests_question q;
	const char *blank;

	if (!guests_parse(&q, &words, (const char *)data, len))
		return 0;
	blank = strchr(q.type_name, ' ');
	if (q.type == 0 || q.type > 65535 || blank == NULL || blank == q.type_name ||
	    q.type_name != words.s || strlen(words.s) != words.len || words.len >= len)
		abort();
	for (; *blank != '\0'; blank++)
		if (*blank >= 'A' && *blank <= 'Z')
			abort();
	return 0;
}
