#include <string.h>

#include "lib/text_decimal.h"

const char *
text_decimal(char *buf, unsigned long long n)
{
	char digits[DECIMAL_MAX];
	size_t i = sizeof(digits), len;

	do
		digits[--i] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	len = sizeof(digits) - i;
	memcpy(buf, digits + i, len);
	buf[len] = '\0';
	return buf;
}
