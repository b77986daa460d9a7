#include <limits.h>

#include "fetch/pop3_timeout.h"
#include "lib/control.h"

#define FALLBACK 600

unsigned
pop3_timeout(void)
{
	unsigned long long seconds = control_need_number("timeoutpop3", FALLBACK);

	return seconds < UINT_MAX ? (unsigned)seconds : UINT_MAX;
}
