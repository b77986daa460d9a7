/* Every address found is one, and the search ends. */

#include <stdint.h>
#include <stdlib.h>

#include "lib/address.h"
#include "lib/from_addresses.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	stralloc address = {0};
	size_t at = 0, before = 0, domain_at;

	while (from_addresses_next((const char *)data, len, &at, &address) == 1) {
		if (at > len || at <= before ||
		    !address_is_mailbox(address.s, address.len))
			abort();
		before = at;
	}
	at = before = 0;
	while (from_addresses_next_bare(
		   (const char *)data, len, &at, &address, &domain_at) == 1) {
		if (at > len || at <= before || domain_at > at ||
		    !(domain_at > 0 ? address_is_local(address.s, address.len)
				    : address_is_mailbox(address.s, address.len)))
			abort();
		before = at;
	}
	stralloc_free(&address);
	return 0;
}
