#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/heap.h"
#include "lib/policy_environment.h"
#include "lib/policy_results.h"
#include "lib/sink_told.h"
#include "lib/text.h"

#define NAME_MAX_BYTES 64
#define RECIPIENTS "RECIPIENTS="

extern char **environ;

/* Does NAME=VALUE tell of a session, or of a message of it? */
static int
is_told(const char *pair)
{
	static const char *const names[] = {
	    "SMTPHELO=", "SENDER=", RECIPIENTS, "SINKSECONDS=", "SINKUNTIL=", NULL};
	const char *const *name = names;
	const char *equals;

	/* most variables are others' */
	if (strchr("ADGPRSTX", *pair) == NULL)
		return 0;
	equals = strchr(pair, '=');
	if (equals == NULL || equals - pair > NAME_MAX_BYTES)
		return 0;
	while (*name != NULL && strncmp(pair, *name, strlen(*name)) != 0)
		name++;
	return *name != NULL || policy_environment_is_told(pair) ||
	       policy_results_is_name(pair, (size_t)(equals - pair));
}

int
sink_told_put(stralloc *told)
{
	size_t begin = told->len, len;
	const char *recipients = NULL;
	char **pair;

	for (pair = environ; *pair != NULL; pair++) {
		if (!is_told(*pair))
			continue;
		if (strncmp(*pair, RECIPIENTS, strlen(RECIPIENTS)) == 0)
			recipients = *pair;
		else
			text_catb(told, *pair, strlen(*pair) + 1);
	}
	len = recipients != NULL ? strlen(recipients) + 1 : 0;
	if (len > 0 && told->len - begin + len <= SINK_TOLD_MAX)
		text_catb(told, recipients, len);
	if (told->len - begin <= SINK_TOLD_MAX)
		return 0;
	told->len = begin;
	errno = E2BIG;
	return -1;
}

/* What the process had in its environment to begin with; room for so many more. */
static char **
begin_environment(const stralloc *told, size_t more)
{
	static char **own, **both; /* caches */
	static size_t own_count;
	size_t at, n = 0;
	char **pair;

	for (pair = environ; own == NULL && *pair != NULL; pair++)
		n++;
	if (own == NULL) {
		own = heap_make(n + 1, sizeof *own);
		for (pair = environ; *pair != NULL; pair++)
			if (!is_told(*pair))
				own[own_count++] = *pair;
	}
	free(both);
	both = heap_make(own_count + more + 1, sizeof *both);
	memcpy(both, own, own_count * sizeof *both);
	/* from behind: the last of a name counts, and getenv takes the first */
	for (n = own_count + more, at = 0; n > own_count; at += strlen(told->s + at) + 1)
		both[--n] = told->s + at;
	return both;
}

int
sink_told_take(const char *s, size_t len)
{
	static stralloc told; /* which the environment points into */
	size_t at, n = 0;

	told.len = 0;
	environ = begin_environment(&told, 0);
	if (len > 0 && s[len - 1] != '\0')
		return 0;
	text_catb(&told, s, len);
	for (at = 0; at < len; at += strlen(told.s + at) + 1, n++)
		if (!is_told(told.s + at))
			return 0;
	environ = begin_environment(&told, n);
	return 1;
}
