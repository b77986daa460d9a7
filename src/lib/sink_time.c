#include <stdlib.h>
#include <string.h>

#include "lib/deadline.h"
#include "lib/sink_time.h"
#include "lib/text.h"

#define SECONDS "SINKSECONDS"
#define UNTIL "SINKUNTIL"
#define SECONDS_MAX 86400
#define MARGIN (SINK_TIME_MARGIN * INT64_C(1000))

/* The number that the variable has, or otherwise. */
static int64_t
number(const char *variable, unsigned long long max, int64_t otherwise)
{
	const char *value = getenv(variable);
	unsigned long long n;

	return value != NULL && text_number(value, strlen(value), max, &n) ? (int64_t)n
									   : otherwise;
}

int64_t
sink_time_until(int64_t since)
{
	int64_t until =
	    since + number(SECONDS, SECONDS_MAX, SINK_TIME_SECONDS) * INT64_C(1000);
	int64_t said = number(UNTIL, INT64_MAX, until);

	return (said < until ? said : until) - MARGIN;
}

unsigned
sink_time_left(int64_t until)
{
	int64_t left = (until - deadline_now()) / 1000;

	return left > 0 ? (unsigned)left : 0;
}

/* setenv would keep the memory of each. */
static int
say(char *pair, const char *name, int64_t value)
{
	char digits[DECIMAL_MAX];

	strcpy(stpcpy(stpcpy(pair, name), "="),
	    text_decimal(digits, value > 0 ? (unsigned long long)value : 0));
	return putenv(pair);
}

int
sink_time_hand_on(int64_t until)
{
	static char seconds[sizeof SECONDS + DECIMAL_MAX];
	static char end[sizeof UNTIL + DECIMAL_MAX]; /* the environment has them */
	int64_t said = number(UNTIL, INT64_MAX, 0);

	if (until == 0 && said != 0)
		until = said - MARGIN;
	if (until != 0 && say(end, UNTIL, until) == -1)
		return -1;
	return say(seconds, SECONDS,
	    number(SECONDS, SECONDS_MAX, SINK_TIME_SECONDS) - SINK_TIME_MARGIN);
}
