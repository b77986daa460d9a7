#include <errno.h>

#include <errmsg.h>

#include "lib/control.h"
#include "lib/stranger.h"
#include "lib/variable.h"

#define DEFAULT_SECONDS 60
#define SECONDS_MAX 86400
#define BUSY_DIVISOR 4

int
stranger_seconds(unsigned *seconds)
{
	unsigned long long value;

	if (control_number("timeoutstranger", &value, DEFAULT_SECONDS) == -1) {
		control_complain("timeoutstranger");
		return -1;
	}
	if (value == 0 || value > SECONDS_MAX) {
		carp("control/timeoutstranger: not between 1 and 86400");
		return -1;
	}
	if (variable_own(STRANGER_BUSY) != NULL)
		value = (value + BUSY_DIVISOR - 1) / BUSY_DIVISOR;
	*seconds = (unsigned)value;
	return 0;
}
