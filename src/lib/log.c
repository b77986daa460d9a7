#include <stdarg.h>
#include <stddef.h>

#include <errmsg.h>

#include "lib/log.h"
#include "lib/log_line.h"

void
log_event(const char *id, const char *event, ...)
{
	va_list pairs;

	va_start(pairs, event);
	log_line_write(argv0 != NULL ? argv0 : "facteur", id, event, pairs);
	va_end(pairs);
}
