#include <string.h>

#include "lib/lower.h"

char
lower_char(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

void
lower_bytes(char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		s[i] = lower_char(s[i]);
}

void
lower_string(char *s)
{
	lower_bytes(s, strlen(s));
}
