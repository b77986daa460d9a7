#include <stddef.h>

#include "lib/home_path.h"
#include "lib/variable.h"

const char *
home_path(void)
{
	const char *path = variable_own("FACTEUR_HOME");

	return path != NULL && *path != '\0' ? path : CONF_HOME;
}
