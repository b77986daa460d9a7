#include "queue/queue_settings.h"

#include <errno.h>
#include <string.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/text.h"

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
read_retry(struct queue_settings *s)
{
	stralloc list = {0};
	unsigned long long n;
	int r = control_list("retry", &list);

	s->retries = 0;
	for (size_t i = 0; r == 1 && i < list.len; i += strlen(list.s + i) + 1) {
		if (s->retries == QUEUE_RETRY_MAX ||
		    !text_number(list.s + i, strlen(list.s + i), INTERVAL_MAX, &n) ||
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
	int r = control_number(name, n, fallback);

	if (r != -1 && *n > max) {
		errno = EINVAL;
		r = -1;
	}
	return r == -1 ? complain(name) : 0;
}

int
queue_settings_double_bounce_to(stralloc *to)
{
	stralloc domain = {0};
	int r = control_line("doublebounceto", to, NULL);

	if (r == -1)
		return complain("doublebounceto");
	if (to->len > 0 && memchr(to->s, '@', to->len))
		return 0;
	if (control_line("defaultdomain", &domain, NULL) == -1)
		r = complain("defaultdomain");
	else if (domain.len == 0 && control_line("me", &domain, "localhost") == -1)
		r = complain("me");
	text_cat(to, to->len > 0 ? "@" : "postmaster@", domain.s, (char *)0);
	text_terminate(to);
	stralloc_free(&domain);
	return r == -1 ? -1 : 0;
}

static int
read_what_waits(struct queue_settings *s)
{
	if (queue_paused_read(&s->paused) == -1)
		return complain("paused");
	if (queue_hold_read(&s->hold) == -1)
		return complain("hold");
	return 0;
}

/* Destinations see by the generation that what they know of old rates is void. */
static int
read_rates(struct queue_settings *s, const struct queue_settings *old)
{
	s->rates.generation = old->rates.generation + 1;
	return queue_rates_read(&s->rates) == -1 ? complain("rates") : 0;
}

static void
forget(struct queue_settings *s)
{
	stralloc_free(&s->double_bounce_to);
	stralloc_free(&s->paused.domains);
	queue_hold_free(&s->hold);
	queue_rates_free(&s->rates);
}

int
queue_settings_read(struct queue_settings *s)
{
	struct queue_settings new = {0};
	unsigned long long local, remote, destination, lifetime, delay_warning;

	if (read_retry(&new) == -1 ||
	    read_number("concurrencylocal", &local, 10, QUEUE_CONCURRENCY_MAX) == -1 ||
	    read_number("concurrencyremote", &remote, 20, QUEUE_CONCURRENCY_MAX) == -1 ||
	    read_number("concurrencydestination", &destination, (remote + 1) / 2,
		QUEUE_CONCURRENCY_MAX) == -1 ||
	    read_number("queuelifetime", &lifetime, QUEUE_LIFETIME, INTERVAL_MAX) == -1 ||
	    read_number("delaywarning", &delay_warning, 14400, INTERVAL_MAX) == -1 ||
	    queue_settings_double_bounce_to(&new.double_bounce_to) == -1 ||
	    read_what_waits(&new) == -1 || read_rates(&new, s) == -1) {
		forget(&new);
		return -1;
	}
	new.local = local;
	new.remote = remote;
	new.destination = destination;
	new.lifetime = lifetime;
	new.delay_warning = delay_warning;
	forget(s);
	*s = new;
	return 0;
}

int64_t
queue_settings_interval(const struct queue_settings *s, unsigned tries)
{
	size_t i = tries > 0 ? tries - 1 : 0;

	return s->retry[i < s->retries ? i : s->retries - 1];
}

int64_t
queue_settings_longest(const struct queue_settings *s)
{
	int64_t longest = 0;

	for (size_t i = 0; i < s->retries; ++i)
		if (s->retry[i] > longest)
			longest = s->retry[i];
	return longest;
}
