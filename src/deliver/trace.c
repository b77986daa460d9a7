#include "deliver/trace.h"
#include "lib/header_watch.h"

int
trace_loops(const char *s, size_t len, const char *recipient)
{
	struct header_watch header = {0};

	header_watch_look(&header, s, len);
	return header_watch_loops(&header, recipient);
}
