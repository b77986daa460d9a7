#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/farewell.h"
#include "lib/verdict.h"

#define REPLY_SECONDS 5

void
farewell_end(const char *reply, int verdict)
{
	signal(SIGPIPE, SIG_IGN);
	if (reply != NULL &&
	    deadline_write_all(1, reply, strlen(reply), REPLY_SECONDS) == -1)
		carpsys("unable to write to the client");
	_exit(verdict);
}

void
farewell_fail(const char *reply, const char *what, const char *object)
{
	carpsys("unable to ", what, " ", object);
	farewell_end(reply, DEFER);
}
