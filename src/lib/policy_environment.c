#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include "lib/policy_environment.h"
#include "lib/policy_wish.h"
#include "lib/text.h"
#include "lib/xtext.h"

extern char **environ;

int
policy_environment_is_told(const char *pair)
{
	static const char *const beginnings[] = {
	    "TCP", "TLS_", "PROTO=", "RELAYCLIENT=", "AUTHUSER=", "AUTHMECH=", NULL};
	const char *const *s = beginnings;

	/* most variables are others' */
	if (strchr("TPRA", *pair) == NULL)
		return 0;
	while (*s != NULL && strncmp(pair, *s, strlen(*s)) != 0)
		s++;
	return *s != NULL && strchr(pair, '=') != NULL;
}

int
policy_environment_put(stralloc *line)
{
	size_t begin = line->len;
	const char *value;
	char **pair;

	text_cat(line, "env " POLICY_WISH_HEEDED, (char *)NULL);
	for (pair = environ; *pair != NULL; pair++) {
		if (!policy_environment_is_told(*pair))
			continue;
		value = strchr(*pair, '=') + 1;
		text_cat(line, " ", (char *)NULL);
		text_catb(line, *pair, value - *pair);
		xtext_cat(line, value, strlen(value));
	}
	text_cat(line, "\n", (char *)NULL);
	if (line->len - begin <= POLICY_ENVIRONMENT_MAX)
		return 0;
	line->len = begin;
	errno = E2BIG;
	return -1;
}

/* NAME=VALUE, the value in xtext.  Returns the bytes at out, the \0 counted; or -1. */
static ssize_t
decode_variable(char *out, const char *s, size_t len)
{
	const char *equals = memchr(s, '=', len);
	ssize_t value;
	size_t name;

	if (equals == NULL || equals == s)
		return -1;
	name = equals + 1 - s;
	memcpy(out, s, name);
	value = xtext_decode(out + name, equals + 1, len - name);
	if (value == -1 || memchr(out, '\0', name + value) != NULL)
		return -1;
	out[name + value] = '\0';
	return name + value + 1;
}

int
policy_environment_take(struct policy_environment *e, const char *s, size_t len)
{
	size_t at, size, n = 0;
	const char *blank;
	ssize_t used;

	e->told.len = 0;
	e->variables[0] = NULL;
	/* with its \0 no variable takes more than it did with the blank before it */
	text_room(&e->told, len + 1);
	for (at = 0; at < len; at += size + 1) {
		blank = memchr(s + at, ' ', len - at);
		size = blank != NULL ? (size_t)(blank - s - at) : len - at;
		if (!size)
			continue;
		if (n == POLICY_VARIABLES_MAX)
			return 0;
		used = decode_variable(e->told.s + e->told.len, s + at, size);
		if (used == -1)
			return 0;
		e->variables[n++] = e->told.s + e->told.len;
		e->variables[n] = NULL;
		e->told.len += used;
	}
	return 1;
}

void
policy_environment_free(struct policy_environment *e)
{
	stralloc_free(&e->told);
}
