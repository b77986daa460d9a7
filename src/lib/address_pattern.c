#include <string.h>

#include "lib/address.h"
#include "lib/address_pattern.h"
#include "lib/lower.h"

/* What the last star stands for grows until the rest fits: no other one need grow. */
static int
is_like(const char *pattern, const char *s)
{
	const char *star = NULL, *from = NULL;

	while (*s != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			from = s;
		} else if (lower_char(*pattern) == lower_char(*s)) {
			++pattern;
			++s;
		} else if (star != NULL) {
			pattern = star;
			s = ++from;
		} else
			return 0;
	}
	while (*pattern == '*')
		++pattern;
	return *pattern == '\0';
}

int
address_pattern_fits_domain(const char *pattern, const char *address)
{
	size_t at = address_domain(address, strlen(address)), len, tail;
	const char *domain = at ? address + at : "";

	len = strlen(domain);
	tail = strlen(pattern);
	if (pattern[0] == '.' && len > tail)
		return is_like(pattern, domain + len - tail);
	return is_like(pattern, domain);
}

int
address_pattern_fits(const char *pattern, const char *address)
{
	return pattern[0] == '@' ? address_pattern_fits_domain(pattern + 1, address)
				 : is_like(pattern, address);
}
