#include <errno.h>
#include <unistd.h>

#include <errmsg.h>

#include "inspect/admin_log.h"
#include "inspect/entrance.h"
#include "lib/home_path.h"
#include "lib/verdict.h"
#include "queue/custodian.h"

#define CURRENT "log/admin/current"

/* Root makes what is root's to make, then it is the owner of the queue. */
void
entrance_take(int is_logged)
{
	if (is_logged && admin_log_provide() == -1)
		carpsys("unable to make log/admin");
	if (custodian_become() == -1)
		die(DEFER, "unable to work in ", home_path(), "/queue");
	if (access("queue", R_OK | X_OK) == -1 && errno == EACCES)
		die(DEFER, "permission denied: only root and its owner may look into ",
		    home_path(), "/queue");
	if (is_logged && admin_log_open() == -1)
		diesys(DEFER, "unable to log to ", CURRENT);
}

int
entrance_leave(void)
{
	if (admin_log_sync() == -1) {
		carpsys("unable to write to ", CURRENT);
		return -1;
	}
	if (admin_log_is_short())
		carp(CURRENT " is short: there was no room for all that was done");
	return 0;
}
