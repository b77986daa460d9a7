#include <errmsg.h>

#include "inspect/screen.h"
#include "lib/durable.h"
#include "lib/verdict.h"

void
screen_write(stralloc *out, size_t at)
{
	if (out->len < at)
		return;
	if (durable_write(1, out->s, out->len) == -1)
		diesys(DEFER, "unable to write");
	out->len = 0;
}
