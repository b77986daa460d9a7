#include <string.h>

#include "origin/tally.h"

char *
tally_day(char day[TALLY_DAY_MAX], time_t t)
{
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(day, TALLY_DAY_MAX, "%Y-%m-%d", &tm);
	return day;
}

int
tally_parse(char *fields[TALLY_FIELDS], char *s, size_t len)
{
	char *tab;
	size_t i;

	if (len > TALLY_LINE_MAX || memchr(s, '\0', len) != NULL)
		return 0;
	for (i = 0; i < TALLY_FIELDS; i++) {
		fields[i] = s;
		tab = memchr(s, '\t', len);
		if ((tab == NULL) != (i == TALLY_END))
			return 0;
		if (tab == NULL)
			break;
		*tab = '\0';
		len -= (size_t)(tab - s) + 1;
		s = tab + 1;
	}
	if (len != 1 || *s != '.' || strcmp(fields[TALLY_VERSION], "1") != 0)
		return 0;
	return 1;
}
