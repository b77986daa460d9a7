#include <stdint.h>

#include "lib/control.h"
#include "send/send_settings.h"
#include "send/transaction.h"

#define SECONDS_MAX 86400
#define RECIPIENTS_MAX 1000
#define LINE_MAX_LEAST 76 /* what is encoded has lines of that: RFC 2045, 6.7 */

/* A number between 1 and max: 0, or -1. */
static int
read_number(const char *name, unsigned *value, unsigned fallback, unsigned max)
{
	unsigned long long n;

	if (control_number(name, &n, fallback) == -1 || n == 0 || n > max)
		return -1;
	*value = (unsigned)n;
	return 0;
}

const char *
send_settings_read(struct send_settings *s)
{
	unsigned long long n;
	const char *wrong = way_settings_read(&s->way);

	if (wrong != NULL)
		return wrong;
	if (read_number("timeoutconnect", &s->seconds_connect, 60, SECONDS_MAX) == -1)
		return "control/timeoutconnect is not a number of seconds";
	if (read_number("timeoutremote", &s->seconds_remote, 1200, SECONDS_MAX) == -1)
		return "control/timeoutremote is not a number of seconds";
	if (read_number("rcptmax", &s->recipients_max, TRANSACTION_RECIPIENTS,
		RECIPIENTS_MAX) == -1)
		return "control/rcptmax is not a number of recipients";
	if (control_number("linemax", &n, 0) == -1 || n > UINT32_MAX)
		return "control/linemax is not a number of octets";
	s->line_max = n > 0 && n < LINE_MAX_LEAST ? LINE_MAX_LEAST : (size_t)n;
	return NULL;
}
