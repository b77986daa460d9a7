#include "send/send_settings.h"
#include "lib/control.h"

#define SECONDS_MAX 86400

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
	s->routes.len = s->resolvers.len = 0;
	if (control_line("me", &s->me, NULL) == -1 || s->me.len == 0)
		return "control/me is missing, empty or unreadable";
	if (control_line("helohost", &s->helohost, s->me.s) == -1)
		return "unable to read control/helohost";
	if (control_list("smtproutes", &s->routes) == -1)
		return "unable to read control/smtproutes";
	if (control_list("resolvers", &s->resolvers) == -1)
		return "unable to read control/resolvers";
	if (read_number("timeoutconnect", &s->seconds_connect, 60, SECONDS_MAX) == -1)
		return "control/timeoutconnect is not a number of seconds";
	if (read_number("timeoutremote", &s->seconds_remote, 1200, SECONDS_MAX) == -1)
		return "control/timeoutremote is not a number of seconds";
	if (read_number("mxport", &s->port, 25, 65535) == -1)
		return "control/mxport is not a port";
	return NULL;
}
