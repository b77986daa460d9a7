/* No record is a key with which nothing was signed, and none costs much. */

#include <stdint.h>
#include <stdlib.h>

#include "dkim/key_record.h"
#include "dkim/public_key.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct key_record record;
	static const unsigned char hash[32], signature[64] = {1};
	int is_unusable;
	unsigned bits;

	if (key_record_parse(&record, (const char *)data, len) != NULL)
		return 0;
	if (record.len == 0 || record.len > sizeof record.bytes)
		abort();
	if (public_key_verify(
		&record, hash, signature, sizeof signature, &is_unusable, &bits) == NULL)
		abort();
	return 0;
}
