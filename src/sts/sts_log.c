#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "lib/log_line.h"
#include "lib/verdict.h"
#include "sts/sts_log.h"

void
sts_log(const char *event, ...)
{
	va_list pairs;

	va_start(pairs, event);
	log_line_write("sts-fetch", NULL, event, pairs);
	va_end(pairs);
}

void
sts_log_fault(const char *what, const char *object)
{
	sts_log("fault", "what", what, "object", object, "reason", strerror(errno),
	    (char *)NULL);
}

void
sts_log_lack(void)
{
	sts_log("failed", "reason", "out of memory", (char *)NULL);
	_exit(DEFER);
}
