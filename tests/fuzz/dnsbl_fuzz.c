/* A list that was understood can be asked about any address. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/address.h"
#include "lib/dnsbl.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned char ip[16] = {0};
	char s[1024], name[DNSBL_NAME_MAX];
	struct dnsbl list;

	if (len >= sizeof s)
		return 0;
	memcpy(s, data, len);
	s[len] = '\0';
	if (!dnsbl_scan(&list, s))
		return 0;
	if (list.score > DNSBL_SCORE_MAX || list.score < -DNSBL_SCORE_MAX)
		abort();
	dnsbl_name(name, &list, ip);
	if (strlen(name) >= sizeof name || strstr(name, list.zone) == NULL)
		abort();
	if (!address_is_host(list.name, strlen(list.name)))
		abort();
	if (dnsbl_counts(&list, ip))
		abort();
	return 0;
}
