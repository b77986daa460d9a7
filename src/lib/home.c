#include <unistd.h>

#include <errmsg.h>

#include "lib/home.h"
#include "lib/home_path.h"
#include "lib/verdict.h"

void
home_enter(void)
{
	if (chdir(home_path()) == -1)
		diesys(DEFER, "unable to enter ", home_path());
}
