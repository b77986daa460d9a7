/* A policy that is taken has hosts that are names; what is kept of it is read the same.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sts_policy.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct sts_policy p, again;
	const char *s = (const char *)data;
	char *file;
	const char *host;
	size_t n;

	p.id[0] = '\0';
	if (sts_policy_id(p.id, s, len) == 1 && p.id[0] == '\0')
		abort();
	p.fetched = 1;
	sts_policy_read(&again, s, len);
	if (sts_policy_parse(&p, s, len) != NULL)
		return 0;
	if (p.mode > STS_POLICY_ENFORCE || p.max_age > STS_POLICY_AGE_MAX ||
	    p.hosts_len > len || (p.hosts_len == 0 && p.mode != STS_POLICY_NONE))
		abort();
	for (host = p.hosts; host < p.hosts + p.hosts_len; host += strlen(host) + 1)
		if (host[0] != '*' && !sts_policy_fits(&p, host))
			abort();
	file = malloc(len + 100);
	if (file == NULL)
		return 0;
	n = sts_policy_first_line(&p, file);
	memcpy(file + n, data, len);
	if (sts_policy_read(&again, file, n + len) == -1 ||
	    again.hosts_len != p.hosts_len || strcmp(again.id, p.id) != 0)
		abort();
	free(file);
	return 0;
}
