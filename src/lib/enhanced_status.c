#include "lib/enhanced_status.h"

#define DIGITS_MAX 3 /* RFC 3463, 2 */

/* Where the digits that begin at s[at..len) end; 0 when there are none, or too many. */
static size_t
skip_number(const char *s, size_t at, size_t len)
{
	size_t from = at;

	while (at < len && s[at] >= '0' && s[at] <= '9')
		at++;
	return at > from && at - from <= DIGITS_MAX ? at : 0;
}

size_t
enhanced_status_scan(const char *s, size_t len, char class)
{
	size_t at;

	if (len < 5 || s[0] != class || s[1] != '.' || class < '2' || class == '3' ||
	    class > '5')
		return 0;
	at = skip_number(s, 2, len);
	if (at == 0 || at == len || s[at] != '.')
		return 0;
	at = skip_number(s, at + 1, len);
	return at > 0 && (at == len || s[at] == ' ') ? at : 0;
}
