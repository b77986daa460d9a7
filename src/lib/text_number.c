#include "lib/text_number.h"

int
text_number(const char *s, size_t len, unsigned long long max, unsigned long long *n)
{
	unsigned long long sum = 0;
	unsigned digit;
	size_t i;

	if (len == 0)
		return 0;
	for (i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		digit = (unsigned)(s[i] - '0');
		if (digit > max || sum > (max - digit) / 10)
			return 0;
		sum = sum * 10 + digit;
	}
	*n = sum;
	return 1;
}
