#include <string.h>

#include "lib/address.h"
#include "lib/text_number.h"
#include "lib/tls_noted.h"

static void
put_digits(char *to, int n, int digits)
{
	while (digits-- > 0) {
		to[digits] = (char)('0' + n % 10);
		n /= 10;
	}
}

const char *
tls_noted_day(char name[TLS_NOTED_DAY_MAX], time_t t)
{
	struct tm tm;

	gmtime_r(&t, &tm);
	strcpy(name, "YYYY-MM-DD");
	put_digits(name, tm.tm_year + 1900, 4);
	put_digits(name + 5, tm.tm_mon + 1, 2);
	put_digits(name + 8, tm.tm_mday, 2);
	return name;
}

int
tls_noted_is_day(const char *name, time_t *begin)
{
	unsigned long long year, month, day;
	char again[TLS_NOTED_DAY_MAX];
	struct tm tm = {0};

	if (strlen(name) != sizeof("YYYY-MM-DD") - 1 ||
	    !text_number(name, 4, 9999, &year) || !text_number(name + 5, 2, 12, &month) ||
	    !text_number(name + 8, 2, 31, &day))
		return 0;
	tm.tm_year = (int)year - 1900;
	tm.tm_mon = (int)month - 1;
	tm.tm_mday = (int)day;
	*begin = timegm(&tm);
	return strcmp(tls_noted_day(again, *begin), name) == 0;
}

int
tls_noted_split(char *line, const char *fields[TLS_NOTED_FIELDS])
{
	size_t n = 0;
	char *field;

	while ((field = strsep(&line, "\t")) != NULL) {
		if (n == TLS_NOTED_FIELDS)
			return 0;
		fields[n++] = field;
	}
	return n == TLS_NOTED_FIELDS && strcmp(fields[TLS_NOTED_FORMAT], "1") == 0 &&
	       address_is_domain(
		   fields[TLS_NOTED_DOMAIN], strlen(fields[TLS_NOTED_DOMAIN]));
}
