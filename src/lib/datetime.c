#include <string.h>

#include "lib/datetime.h"

static char *
two_digits(char *s, int n)
{
	*s++ = (char)('0' + n / 10 % 10);
	*s++ = (char)('0' + n % 10);
	return s;
}

const char *
datetime_rfc5322(char *buf, time_t t)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm;
	char *s = buf;

	if (gmtime_r(&t, &tm) == NULL || tm.tm_year < 0 || tm.tm_year > 8099)
		return strcpy(buf, "Thu, 01 Jan 1970 00:00:00 +0000");
	memcpy(s, days + 3 * tm.tm_wday, 3);
	s = two_digits(stpcpy(s + 3, ", "), tm.tm_mday);
	*s++ = ' ';
	memcpy(s, months + 3 * tm.tm_mon, 3);
	s += 3;
	*s++ = ' ';
	s = two_digits(s, (tm.tm_year + 1900) / 100);
	s = two_digits(s, tm.tm_year % 100);
	*s++ = ' ';
	s = two_digits(s, tm.tm_hour);
	*s++ = ':';
	s = two_digits(s, tm.tm_min);
	*s++ = ':';
	s = two_digits(s, tm.tm_sec);
	strcpy(s, " +0000");
	return buf;
}
