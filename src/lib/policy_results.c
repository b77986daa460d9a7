#include <stdlib.h>
#include <string.h>

#include "lib/policy_results.h"
#include "lib/text.h"
#include "lib/xtext.h"

#define ENV "env"
#define ENV_LEN (sizeof(ENV) - 1)
#define NAME_MAX_BYTES 40

int
policy_results_is_name(const char *s, size_t len)
{
	static const char *const beginnings[] = {
	    "SPF_", "DNSBL_", "GREY_", "POLICY_", "X_", NULL};
	const char *const *beginning = beginnings;
	size_t i;

	if (len > NAME_MAX_BYTES)
		return 0;
	for (i = 0; i < len; i++)
		if (s[i] != '_' && (s[i] < 'A' || s[i] > 'Z') &&
		    (s[i] < '0' || s[i] > '9'))
			return 0;
	while (*beginning != NULL && (len <= strlen(*beginning) ||
					 memcmp(s, *beginning, strlen(*beginning)) != 0))
		beginning++;
	return *beginning != NULL;
}

/* Is it a result, by its form?  A field has no '=' before its colon. */
static const char *
find_equals(const char *s, size_t len)
{
	const char *equals = memchr(s, '=', len);

	return equals != NULL && memchr(s, ':', (size_t)(equals - s)) == NULL ? equals
									      : NULL;
}

/* Append NAME=VALUE.  Returns 0, or -1. */
static int
take_word(stralloc *results, const char *s, size_t len, const char *equals)
{
	size_t name = (size_t)(equals - s) + 1, i, before = results->len;
	ssize_t value;
	char *out;

	if (!policy_results_is_name(s, name - 1))
		return -1;
	text_room(results, before + len + 1);
	out = results->s + before;
	memcpy(out, s, name);
	value = xtext_decode(out + name, equals + 1, len - name);
	for (i = 0; value > 0 && i < (size_t)value; i++)
		if ((unsigned char)out[name + i] < ' ' || out[name + i] == 127)
			value = -1;
	if (value == -1)
		return -1;
	out[name + (size_t)value] = '\0';
	results->len = before + name + (size_t)value + 1;
	return 0;
}

ssize_t
policy_results_take(stralloc *results, const char *s, size_t len)
{
	static stralloc unused; /* a cache */
	const char *blank, *equals;
	size_t at, size;

	if (len < ENV_LEN || memcmp(s, ENV, ENV_LEN) != 0 ||
	    (len > ENV_LEN && s[ENV_LEN] != ' '))
		return 0;
	if (results == NULL) {
		results = &unused;
		results->len = 0;
	}
	for (at = ENV_LEN; at < len; at += size) {
		at++;
		blank = memchr(s + at, ' ', len - at);
		size = blank != NULL ? (size_t)(blank - s) - at : len - at;
		equals = find_equals(s + at, size);
		if (equals == NULL)
			return (ssize_t)at;
		if (take_word(results, s + at, size, equals) == -1)
			return -1;
	}
	return (ssize_t)len;
}

int
policy_results_export(const stralloc *results)
{
	char name[NAME_MAX_BYTES + 1];
	const char *s, *equals;

	for (s = results->s; s < results->s + results->len; s += strlen(s) + 1) {
		equals = strchr(s, '=');
		if (!text_copy(name, sizeof(name), s, (size_t)(equals - s)) ||
		    setenv(name, equals + 1, 1) == -1)
			return -1;
	}
	return 0;
}

int
policy_results_withdraw(const stralloc *results)
{
	char name[NAME_MAX_BYTES + 1];
	const char *s;

	for (s = results->s; s < results->s + results->len; s += strlen(s) + 1)
		if (!text_copy(name, sizeof(name), s, (size_t)(strchr(s, '=') - s)) ||
		    unsetenv(name) == -1)
			return -1;
	return 0;
}
