/* What is taken is an environment, and is told again as it was. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/policy_environment.h"
#include "lib/policy_wish.h"
#include "lib/text.h"

extern char **environ;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct policy_environment e, again;
	static char *none[] = {NULL};
	stralloc line = {0};
	size_t i, n = 0;

	if (policy_environment_take(&e, (const char *)data, len)) {
		environ = e.variables;
		if (policy_environment_put(&line) == 0 &&
		    !policy_environment_take(&again, line.s + 3, line.len - 4))
			abort();
		/* what a client says it heeds stands before all */
		if (line.len > 0 &&
		    (again.variables[n] == NULL ||
			strcmp(again.variables[n++], POLICY_WISH_HEEDED) != 0))
			abort();
		for (i = 0; line.len && e.variables[i] != NULL; i++)
			if (again.variables[n] != NULL &&
			    strcmp(e.variables[i], again.variables[n]) == 0)
				n++;
		if (line.len && again.variables[n] != NULL)
			abort();
	}
	for (i = 0; e.variables[i] != NULL; i++)
		if (strchr(e.variables[i], '=') == NULL)
			abort();
	environ = none;
	stralloc_free(&line);
	return 0;
}
