/* A line that is understood has all its fields. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "origin/tally.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *fields[TALLY_FIELDS], *line = malloc(len + 1);
	size_t i, sum = 0;

	if (line == NULL)
		abort();
	memcpy(line, data, len);
	line[len] = '\0';
	if (tally_parse(fields, line, len)) {
		for (i = 0; i < TALLY_FIELDS; i++)
			sum += strlen(fields[i]) + 1;
		if (sum != len + 1)
			abort();
	}
	free(line);
	return 0;
}
