#include "lib/netstring_scan.h"
#include "lib/text_number.h"

ssize_t
netstring_scan_length(const char *s, size_t len, size_t max, size_t *size)
{
	unsigned long long n;
	size_t i;

	for (i = 0; i < len && s[i] != ':'; i++)
		if (i == NETSTRING_LENGTH_DIGITS || s[i] < '0' || s[i] > '9')
			return -1;
	if (i == len)
		return 0;
	if (!text_number(s, i, max, &n) || (i > 1 && s[0] == '0'))
		return -1;
	*size = (size_t)n;
	return (ssize_t)i + 1;
}

ssize_t
netstring_scan(const char *s, size_t len, size_t max, size_t *start, size_t *size)
{
	ssize_t r;

	r = netstring_scan_length(s, len, max, size);
	if (r <= 0)
		return r;
	*start = (size_t)r;
	if (len - *start <= *size)
		return 0;
	if (s[*start + *size] != ',')
		return -1;
	return (ssize_t)(*start + *size + 1);
}
