/* What tls.sock answers a client: what is learned of it is whole, and has an end. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tls_answer.h"
#include "send/tls_use.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	char text[TLS_USE_TEXT_MAX];
	struct tls_use use = {0};

	if (tls_answer_judge(s, len) != 'K')
		return 0;
	if (tls_use_learn(&use, s + 1, len - 1) != use.is_on)
		abort();
	if (use.is_on != (*use.version && *use.cipher && *use.verified))
		abort();
	tls_use_text(&use, text);
	if (strlen(text) >= sizeof text)
		abort();
	return 0;
}
