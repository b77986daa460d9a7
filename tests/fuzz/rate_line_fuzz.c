/* What is taken is a rate, and a domain or all. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/address.h"
#include "lib/rate_line.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *line = malloc(len + 1);
	struct rate_line rate;

	if (line == NULL)
		return 0;
	memcpy(line, data, len);
	line[len] = '\0';
	if (rate_line_parse(&rate, line) &&
	    (rate.interval < 1 || rate.interval > 86400000000 ||
		(rate.name[0] != '\0' &&
		    !address_is_domain(rate.name, strlen(rate.name)))))
		abort();
	free(line);
	return 0;
}
