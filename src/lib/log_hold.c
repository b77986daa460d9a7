#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log_hold.h"

/* What is held: there is but one log.  Most programs hold nothing, and have no room for
 * it. */
static char *held;
static size_t held_len;
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
	if (held == NULL && atexit(log_hold_release) == 0)
		held = malloc(PIPE_BUF); /* without it each line is written at once */
}

void
log_hold_release(void)
{
	if (held_len > 0)
		write_log(held, held_len);
	held_len = 0;
}

void
log_hold_also(void (*also)(const char *line, size_t len))
{
	also_put = also;
}

void
log_hold_put(const char *line, size_t len)
{
	if (also_put != NULL)
		also_put(line, len);
	if (held == NULL || len > PIPE_BUF) {
		write_log(line, len);
		return;
	}
	if (held_len + len > PIPE_BUF)
		log_hold_release();
	memcpy(held + held_len, line, len);
	held_len += len;
}
