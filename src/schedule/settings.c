#include <errno.h>
#include <string.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/control_unit.h"
#include "lib/text.h"
#include "queue/age.h"
#include "queue/double_bounce.h"
#include "schedule/settings.h"

#define GROUP_REMOTE 100 /* RFC 5321, 4.5.3.1.8: what every server takes */
#define GROUP_MAX 1000
#define INTERVAL_MAX 31536000 /* seconds: a year is no retry */

/* RFC 5321, 4.5.4.1: sooner at first, then at least 30 minutes apart. */
static const int64_t default_retry[] = {300, 600, 1200, 2400, 3600, 7200, 14400};

static int
complain(const char *name)
{
	if (errno == EINVAL)
		carp("control/", name, ": not what it should be");
	else
		carpsys("unable to read control/", name);
	return -1;
}

static int
read_retry(struct settings *s)
{
	stralloc list = {0};
	unsigned long long n;
	int r = control_list("retry", &list);

	s->retries = 0;
	for (size_t i = 0; r == 1 && i < list.len; i += strlen(list.s + i) + 1) {
		if (s->retries == SETTINGS_RETRY_MAX ||
		    !control_unit_scan(CONTROL_UNIT_SECONDS, list.s + i,
			strlen(list.s + i), INTERVAL_MAX, &n) ||
		    n == 0) {
			errno = EINVAL;
			r = -1;
			break;
		}
		s->retry[s->retries++] = n;
	}
	stralloc_free(&list);
	if (s->retries == 0 && r != -1) {
		s->retries = sizeof default_retry / sizeof *default_retry;
		memcpy(s->retry, default_retry, sizeof default_retry);
	}
	return r == -1 ? complain("retry") : 0;
}

static int
read_number(const char *name, unsigned long long *n, unsigned long long fallback,
    unsigned long long max)
{
	if (control_number(name, n, fallback) == -1) {
		control_complain(name);
		return -1;
	}
	if (*n <= max)
		return 0;
	carp("control/", name, ": the number is too big");
	return -1;
}

static int
read_routes(struct settings *s)
{
	if (control_list("senderroutes", &s->sender_routes) == -1)
		return complain("senderroutes");
	return control_list("bindaddresses", &s->bind) == -1 ? complain("bindaddresses")
							     : 0;
}

static int
read_what_waits(struct settings *s)
{
	if (paused_read(&s->paused) == -1)
		return complain("paused");
	if (hold_read(&s->hold) == -1)
		return complain("hold");
	return 0;
}

/* Destinations see by the generation that what they know of old rates is void. */
static int
read_rates(struct settings *s, const struct settings *old)
{
	s->rates.generation = old->rates.generation + 1;
	return pace_rates_read(&s->rates) == -1 ? complain("rates") : 0;
}

static void
forget(struct settings *s)
{
	stralloc_free(&s->double_bounce_to);
	stralloc_free(&s->paused.domains);
	stralloc_free(&s->sender_routes);
	stralloc_free(&s->bind);
	hold_free(&s->hold);
	pace_rates_free(&s->rates);
}

int
settings_read(struct settings *s)
{
	struct settings new = {0};
	unsigned long long local, remote, destination, group, lifetime, delay_warning;

	if (read_retry(&new) == -1 ||
	    read_number("concurrencylocal", &local, 10, SETTINGS_CONCURRENCY_MAX) == -1 ||
	    read_number("concurrencyremote", &remote, 20, SETTINGS_CONCURRENCY_MAX) ==
		-1 ||
	    read_number("concurrencydestination", &destination, (remote + 1) / 2,
		SETTINGS_CONCURRENCY_MAX) == -1 ||
	    read_number("rcptmax", &group, GROUP_REMOTE, GROUP_MAX) == -1 ||
	    read_number("queuelifetime", &lifetime, AGE_LIFETIME, INTERVAL_MAX) == -1 ||
	    read_number("delaywarning", &delay_warning, 14400, INTERVAL_MAX) == -1 ||
	    double_bounce_to(&new.double_bounce_to) == -1 ||
	    read_what_waits(&new) == -1 || read_routes(&new) == -1 ||
	    read_rates(&new, s) == -1) {
		forget(&new);
		return -1;
	}
	new.local = local;
	new.remote = remote;
	new.destination = destination;
	new.group = group > 0 ? group : 1;
	new.lifetime = lifetime;
	new.delay_warning = delay_warning;
	forget(s);
	*s = new;
	return 0;
}

int64_t
settings_interval(const struct settings *s, unsigned tries)
{
	size_t i = tries > 0 ? tries - 1 : 0;

	return s->retry[i < s->retries ? i : s->retries - 1];
}

int64_t
settings_longest(const struct settings *s)
{
	int64_t longest = 0;

	for (size_t i = 0; i < s->retries; ++i)
		if (s->retry[i] > longest)
			longest = s->retry[i];
	return longest;
}
