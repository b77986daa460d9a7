/* A line of control/smtppasswords that is taken has a host, a user and a secret, and says
 * the same when it is written anew. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/smtppasswords.h"
#include "lib/text.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct smtppassword p, again;
	static stralloc line;
	char port[DECIMAL_MAX];

	text_setb(&line, (const char *)data, len);
	text_terminate(&line);
	if (!smtppasswords_parse(&p, line.s))
		return 0;
	if (p.host[0] == '\0' || p.user.len == 0 || p.secret.len == 0 || p.port > 65535)
		abort();
	line.len = 0;
	text_cat(&line, "[", p.host, "]", (char *)NULL);
	if (p.port > 0)
		text_cat(&line, ":", text_decimal(port, p.port), (char *)NULL);
	text_cat(&line, " ", p.user.s, p.is_token ? " token:" : " ", p.secret.s,
	    p.is_insecure ? " insecure" : "", (char *)NULL);
	text_terminate(&line);
	/* a bracket can't stand in brackets, and a secret may end like the word */
	if (strchr(p.host, ']') != NULL || strchr(p.host, '[') != NULL)
		return 0;
	if (!smtppasswords_parse(&again, line.s) || strcmp(p.host, again.host) != 0 ||
	    p.port != again.port || strcmp(p.user.s, again.user.s) != 0)
		abort();
	return 0;
}
