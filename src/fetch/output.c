#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "fetch/output.h"
#include "lib/deadline.h"

void
output_flush(struct output *o)
{
	if (o->len > 0 && !o->failed &&
	    deadline_write_all(o->fd, o->s, o->len, o->seconds) == -1)
		o->failed = errno;
	o->len = 0;
}

char *
output_room(struct output *o, size_t len)
{
	if (len > OUTPUT_SIZE - o->len)
		output_flush(o);
	return o->s + o->len;
}

void
output_put(struct output *o, const char *s, size_t len)
{
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = len < OUTPUT_SIZE ? len : OUTPUT_SIZE;
		memcpy(output_room(o, n), s, n);
		o->len += n;
	}
}

void
output_say(struct output *o, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, o);
	while ((s = va_arg(ap, const char *)) != NULL)
		output_put(o, s, strlen(s));
	va_end(ap);
}
