#include <string.h>

#include "lib/enhanced_status.h"
#include "lib/policy_answer.h"
#include "lib/policy_results.h"

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "550 5.7.1 text", its class being that of the letter: RFC 5321, 4.2 and RFC 2034. */
static int
is_reply(char class, const char *s, size_t len)
{
	size_t size;

	if (len < 4 || s[0] != class || !is_digit(s[1]) || !is_digit(s[2]) || s[3] != ' ')
		return 0;
	size = enhanced_status_scan(s + 4, len - 4, class);
	return size > 0 && 4 + size + 1 < len;
}

/* "Name: text" (RFC 5322, 3.6.8). */
static int
is_field(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len && s[i] > ' ' && s[i] < 127 && s[i] != ':'; i++)
		;
	return i && i < len && s[i] == ':';
}

/* Results, a field, both or nothing. */
static int
is_yes(const char *s, size_t len)
{
	ssize_t results = policy_results_take(NULL, s, len);

	return results != -1 &&
	       ((size_t)results == len || is_field(s + results, len - (size_t)results));
}

char
policy_answer_judge(const char *s, size_t len)
{
	size_t i;

	if (!len)
		return 0;
	for (i = 0; i < len; i++)
		if (((unsigned char)s[i] < ' ' && s[i] != '\t') || s[i] == 127)
			return 0;
	switch (s[0]) {
	case 'K':
		return is_yes(s + 1, len - 1) ? 'K' : 0;
	case 'Z':
		return is_reply('4', s + 1, len - 1) ? 'Z' : 0;
	case 'D':
		return is_reply('5', s + 1, len - 1) ? 'D' : 0;
	}
	return 0;
}
