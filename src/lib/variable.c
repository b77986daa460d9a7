#include <stddef.h>

#include "lib/variable.h"

extern char **environ;

const char *
variable_value(char *const *variables, const char *name)
{
	const char *s, *n;

	for (; *variables != NULL; variables++) {
		for (s = *variables, n = name; *n != '\0' && *s == *n; s++)
			n++;
		if (*n == '\0' && *s == '=')
			return s + 1;
	}
	return NULL;
}

const char *
variable_own(const char *name)
{
	return environ != NULL ? variable_value(environ, name) : NULL;
}
