/* Whatever is in a report, what is shown of it is visible. */

#include <stdint.h>
#include <stdlib.h>

#include "lib/visible.h"
#include "origin/report_table.h"
#include "origin/unpack.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	stralloc table = {0}, xml = {0};
	size_t at, size;
	int is_visible;

	report_table_put(&table, (const char *)data, len);
	if (unpack_xml(&xml, (const char *)data, len) == NULL)
		report_table_put(&table, xml.s, xml.len);
	for (at = 0; at < table.len; at += size) {
		size = visible_first(table.s + at, table.len - at, &is_visible);
		if (!is_visible && table.s[at] != '\n')
			abort();
	}
	stralloc_free(&table);
	stralloc_free(&xml);
	return 0;
}
