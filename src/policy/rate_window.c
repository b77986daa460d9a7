#include <string.h>

#include "policy/rate_window.h"

#define HOUR 3600

void
rate_window_roll(struct rate_window *window, int64_t t)
{
	int64_t hour = t / HOUR;

	if (hour == window->hour)
		return;
	/* Also when the clock was set back: what is ahead of it says nothing. */
	if (hour == window->hour + 1)
		memcpy(window->before, window->now, sizeof window->before);
	else
		memset(window->before, 0, sizeof window->before);
	memset(window->now, 0, sizeof window->now);
	window->hour = hour;
}

uint64_t
rate_window_sum(const struct rate_window *window, enum rate_measure measure, int64_t t)
{
	uint64_t left = (uint64_t)(HOUR - t % HOUR);

	/* rounded up, so that the turn of the hour makes no room at once */
	return window->now[measure] + (window->before[measure] * left + HOUR - 1) / HOUR;
}

void
rate_window_add(struct rate_window *window, enum rate_measure measure, uint64_t n)
{
	uint32_t *sum = &window->now[measure];

	*sum = n > UINT32_MAX - *sum ? UINT32_MAX : *sum + (uint32_t)n;
}

int64_t
rate_window_end(const struct rate_window *window)
{
	return (window->hour + 2) * HOUR;
}
