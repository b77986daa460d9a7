/* Answers of the DNS: what is taken of them lies inside, and a record is whole or left
 * out. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dns_records.h"
#include "lib/tlsa_record.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static stralloc records;
	struct dns_record record;
	struct dns_records a;
	size_t before;

	if (dns_records_begin(&a, data, len) == -1)
		return 0;
	records.len = 0;
	while (dns_records_next(&a, &record) == 1) {
		if (record.data < data || record.data + record.len > data + len)
			abort();
		before = records.len;
		if (!tlsa_record_put(&records, record.data, record.len)) {
			if (records.len != before)
				abort();
		} else if (strlen(records.s + before) != 2 * record.len ||
			   records.len != before + 2 * record.len + 1) {
			abort();
		}
	}
	return 0;
}
