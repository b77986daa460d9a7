/* The list, after an empty line the domain: what is found is a line that passes the
 * check. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/smtproutes.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *list = malloc(len + 1), *domain;
	struct smtproute route;
	size_t i;

	if (list == NULL)
		return 0;
	for (i = 0; i < len; i++)
		list[i] = data[i] == '\n' ? '\0' : (char)data[i];
	list[len] = '\0';
	domain = memmem(list, len, "\0", 2);
	if (domain != NULL) {
		size_t size = (size_t)(domain + 1 - list);
		const char *line = list;
		int all_sound = 1;

		for (; line < list + size; line += strlen(line) + 1)
			all_sound &= smtproutes_line(line);
		if (smtproutes_find(&route, list, size, domain + 2) == -1 && all_sound)
			abort();
	}
	if (smtproutes_target(&route, list, len) &&
	    (strlen(route.host) > ROUTE_HOST_MAX || route.port > 65535))
		abort();
	free(list);
	return 0;
}
