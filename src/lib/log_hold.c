#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log_hold.h"

/* What is held: there is but one log. */
static char held[PIPE_BUF];
static size_t held_len;
static int holding;
static void (*also_put)(const char *line, size_t len);

/* A log that can't be written must not stop the mail. */
static void
write_log(const char *s, size_t len)
{
	int saved = errno;

	while (write(2, s, len) == -1 && errno == EINTR)
		;
	errno = saved;
}

void
log_hold(void)
{
	if (!holding && atexit(log_release) == 0)
		holding = 1;
}

void
log_release(void)
{
	if (held_len > 0)
		write_log(held, held_len);
	held_len = 0;
}

void
log_also(void (*also)(const char *line, size_t len))
{
	also_put = also;
}

void
log_put(const char *line, size_t len)
{
	if (also_put)
		also_put(line, len);
	if (!holding || len > sizeof(held)) {
		write_log(line, len);
		return;
	}
	if (held_len + len > sizeof(held))
		log_release();
	memcpy(held + held_len, line, len);
	held_len += len;
}
