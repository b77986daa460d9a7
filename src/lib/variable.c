#include <stddef.h>
#include <string.h>

#include "lib/variable.h"

extern char **environ;

const char *
variable_value(char *const *variables, const char *name)
{
	size_t len = strlen(name);

	for (; *variables != NULL; variables++)
		if (**variables == *name && strncmp(*variables, name, len) == 0 &&
		    (*variables)[len] == '=')
			return *variables + len + 1;
	return NULL;
}

const char *
variable_own(const char *name)
{
	return environ != NULL ? variable_value(environ, name) : NULL;
}
