#include <string.h>
#include <strings.h>

#include "smtp/intruder.h"

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* " HTTP/1.1" at the end of s[0..len), as of a request with any method */
static int
ends_as_request(const char *s, size_t len)
{
	static const char version[] = " HTTP/";
	size_t size = sizeof version - 1 + 3;

	return len >= size &&
	       strncasecmp(s + len - size, version, sizeof version - 1) == 0 &&
	       is_digit(s[len - 3]) && s[len - 2] == '.' && is_digit(s[len - 1]);
}

const char *
intruder_protocol(const char *s, size_t len)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "HEAD", "OPTIONS",
	    "CONNECT", "DELETE", "PATCH", "TRACE", "PRI", NULL};
	const char *const *method;
	size_t word;

	while (len && strchr(" \t\r", s[len - 1]) != NULL && s[len - 1])
		len--;
	for (word = 0; word < len && s[word] != ' '; word++)
		;
	for (method = methods; *method != NULL; method++)
		if (word == strlen(*method) && strncasecmp(*method, s, word) == 0)
			return "HTTP";
	if (ends_as_request(s, len))
		return "HTTP";
	return word > 1 && s[word - 1] == ':' ? "header" : NULL;
}
