/* What a record says is one of the words that there are; every address found is one. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dmarc/dmarc_record.h"
#include "dmarc/dmarc_uri.h"
#include "dmarc/tree_walk.h"
#include "lib/address.h"

static void
check_uris(const char *list, size_t len)
{
	stralloc address = {0};
	unsigned long long limit;
	size_t at = 0, before = 0;

	while (dmarc_uri_address(list, len, &at, &address, &limit)) {
		if (at <= before || at > len + 1 ||
		    !address_is_mailbox(address.s, address.len) ||
		    !dmarc_uri_is_any(list, len))
			abort();
		before = at;
	}
	stralloc_free(&address);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct dmarc_record record;
	struct tree_walk walk;

	check_uris((const char *)data, len);
	if (tree_walk_plan(&walk, (const char *)data, len) == 0 &&
	    (walk.n == 0 || walk.n > TREE_NAMES_MAX))
		abort();
	if (!dmarc_record_parse(&record, (const char *)data, len))
		return 0;
	if (record.p == DMARC_UNSET || strchr("ynu", record.psd) == NULL ||
	    strchr("rs", record.adkim) == NULL || strchr("rs", record.aspf) == NULL ||
	    strlen(record.fo) < 1)
		abort();
	if (record.rua != NULL)
		check_uris(record.rua, record.rua_len);
	return 0;
}
