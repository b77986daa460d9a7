#include <stdlib.h>

#include "lib/home_path.h"

const char *
home_path(void)
{
	const char *path = getenv("FACTEUR_HOME");

	return path != NULL && *path != '\0' ? path : CONF_HOME;
}
