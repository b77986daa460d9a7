#include <string.h>

#include "lib/control_unit.h"
#include "lib/text_number.h"

static const struct {
	const char *name;
	enum control_unit unit;
} names[] = {
    {"bouncemaxbytes", CONTROL_UNIT_BYTES},
    {"databytes", CONTROL_UNIT_BYTES},
    {"headermax", CONTROL_UNIT_BYTES},
    {"journalbytes", CONTROL_UNIT_BYTES},
    {"queuereserve", CONTROL_UNIT_BYTES},
    {"quota", CONTROL_UNIT_BYTES},
    {"delaywarning", CONTROL_UNIT_SECONDS},
    {"greydelay", CONTROL_UNIT_SECONDS},
    {"greylife", CONTROL_UNIT_SECONDS},
    {"greywindow", CONTROL_UNIT_SECONDS},
    {"queuelifetime", CONTROL_UNIT_SECONDS},
    {"retry", CONTROL_UNIT_SECONDS},
    {"timeoutconnect", CONTROL_UNIT_SECONDS},
    {"timeoutpop3", CONTROL_UNIT_SECONDS},
    {"timeoutremote", CONTROL_UNIT_SECONDS},
    {"timeoutsession", CONTROL_UNIT_SECONDS},
    {"timeoutsmtpd", CONTROL_UNIT_SECONDS},
    {"timeoutstranger", CONTROL_UNIT_SECONDS},
};

static const struct {
	char letter;
	enum control_unit unit;
	unsigned long long factor;
} factors[] = {
    {'K', CONTROL_UNIT_BYTES, 1ULL << 10},
    {'k', CONTROL_UNIT_BYTES, 1ULL << 10},
    {'M', CONTROL_UNIT_BYTES, 1ULL << 20},
    {'G', CONTROL_UNIT_BYTES, 1ULL << 30},
    {'s', CONTROL_UNIT_SECONDS, 1},
    {'m', CONTROL_UNIT_SECONDS, 60},
    {'h', CONTROL_UNIT_SECONDS, 3600},
    {'d', CONTROL_UNIT_SECONDS, 86400},
    {'w', CONTROL_UNIT_SECONDS, 604800},
};

enum control_unit
control_unit_of(const char *name)
{
	size_t i;

	if (strncmp(name, "control/", 8) == 0)
		name += 8;
	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i].name) == 0)
			return names[i].unit;
	return CONTROL_UNIT_NONE;
}

int
control_unit_scan(enum control_unit unit, const char *s, size_t len,
    unsigned long long max, unsigned long long *n)
{
	unsigned long long digits, factor = 1;
	size_t i;

	for (i = 0; len > 0 && i < sizeof factors / sizeof *factors; i++)
		if (factors[i].unit == unit && s[len - 1] == factors[i].letter) {
			factor = factors[i].factor;
			len--;
			break;
		}
	if (!text_number(s, len, max / factor, &digits))
		return 0;
	*n = digits * factor;
	return 1;
}

const char *
control_unit_wrong(enum control_unit unit)
{
	switch (unit) {
	case CONTROL_UNIT_BYTES:
		return "not a number of bytes, as 52428800 and 50M are";
	case CONTROL_UNIT_SECONDS:
		return "not a number of seconds, as 3600 and 1h are";
	default:
		return "not a number";
	}
}
