#include <stdlib.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/home.h"
#include "lib/verdict.h"

const char *
home_path(void)
{
	const char *path = getenv("FACTEUR_HOME");

	return path != NULL && *path != '\0' ? path : CONF_HOME;
}

void
home_enter(void)
{
	if (chdir(home_path()) == -1)
		diesys(DEFER, "unable to enter ", home_path());
}
