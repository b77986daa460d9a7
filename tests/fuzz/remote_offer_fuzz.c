/* What is learned of a reply to EHLO stays in its bounds, is printable where it is words,
 * and is the same when the reply comes again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "send/remote_offer.h"

static struct remote_session s, again;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	remote_offer_learn(&s, (const char *)data, len);
	if (memchr(s.mechanisms, '\0', sizeof(s.mechanisms)) == NULL ||
	    strpbrk(s.mechanisms, "\n") != NULL)
		abort();
	if (s.mechanisms[0] != '\0' && s.mechanisms[0] != ' ')
		abort();
	if (s.size_max > 0 && !s.has_size)
		abort();
	if (s.recipients_max > 999999 || s.mails_max > 999999 || s.domains_max > 999999)
		abort();
	remote_offer_learn(&again, (const char *)data, len);
	if (strcmp(s.mechanisms, again.mechanisms) != 0 || s.size_max != again.size_max ||
	    s.has_pipelining != again.has_pipelining ||
	    s.has_chunking != again.has_chunking || s.mails_max != again.mails_max)
		abort();
	remote_offer_forget(&again);
	if (again.mechanisms[0] != '\0' || again.has_chunking || again.mails_max != 0)
		abort();
	return 0;
}
