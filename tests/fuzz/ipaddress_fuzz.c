/* An address, "\n", a rule: an address lies in itself, and in ::/0 or 0.0.0.0/0. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/ipaddress.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *address = malloc(len + 1), *rule;
	unsigned char ip[16] = {0};

	memcpy(address, data, len);
	address[len] = '\0';
	rule = strchr(address, '\n');
	if (rule != NULL)
		*rule++ = '\0';
	if (ipaddress_scan(address, ip) &&
	    ((strchr(address, '/') == NULL && ipaddress_matches(ip, address) != 1) ||
		ipaddress_matches(ip, "::/0") != 1))
		abort();
	if (rule != NULL && ipaddress_matches(ip, rule) < -1)
		abort();
	free(address);
	return 0;
}
