#include <stdarg.h>
#include <string.h>

#include <errmsg.h>

#include "lib/text.h"
#include "lib/verdict.h"

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
		if (sum > max / 10 || sum * 10 > max - digit)
			return 0;
		sum = sum * 10 + digit;
	}
	*n = sum;
	return 1;
}

void
text_catb(stralloc *sa, const char *s, size_t len)
{
	if (!stralloc_catb(sa, s, len))
		die(DEFER, "out of memory");
}

void
text_cat(stralloc *sa, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, sa);
	while ((s = va_arg(ap, const char *)) != NULL)
		text_catb(sa, s, strlen(s));
	va_end(ap);
}

void
text_cat_printable(stralloc *sa, const char *s, size_t len, size_t max)
{
	size_t i, start = sa->len;

	text_catb(sa, s, len < max ? len : max);
	for (i = start; i < sa->len; i++)
		if ((unsigned char)sa->s[i] < ' ' || sa->s[i] == 127)
			sa->s[i] = ' ';
}

void
text_terminate(stralloc *sa)
{
	text_catb(sa, "", 1);
	sa->len--;
}
