#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "lib/log_line.h"
#include "tls/wrap_log.h"

void
wrap_log(const char *event, ...)
{
	va_list pairs;

	va_start(pairs, event);
	log_line_write("tls-wrap", NULL, event, pairs);
	va_end(pairs);
}

void
wrap_log_fault(const char *what, const char *object)
{
	wrap_log("fault", "what", what, "object", object, "reason", strerror(errno),
	    (char *)NULL);
}
