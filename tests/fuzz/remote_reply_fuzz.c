/* A reply that is found is found in no fewer bytes, and what is kept of it is printable.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "send/remote_reply.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data;
	struct remote_reply reply, less;
	ssize_t r = remote_reply_parse(&reply, s, len);
	size_t i;

	if (r < -1 || r > (ssize_t)len)
		abort();
	if (strlen(reply.text) > REMOTE_REPLY_TEXT_MAX ||
	    strlen(reply.status) >= OUTCOME_STATUS_MAX)
		abort();
	for (i = 0; reply.text[i] != '\0'; i++)
		if ((unsigned char)reply.text[i] < ' ' || reply.text[i] == 127)
			abort();
	if (r <= 0)
		return 0;
	if (reply.code < 200 || reply.code > 599 || s[r - 1] != '\n')
		abort();
	if (reply.status[0] != '\0' && reply.status[0] != '0' + reply.code / 100)
		abort();
	if (remote_reply_parse(&less, s, (size_t)r - 1) != 0)
		abort();
	if (remote_reply_parse(&less, s, (size_t)r) != r ||
	    strcmp(less.text, reply.text) != 0)
		abort();
	return 0;
}
