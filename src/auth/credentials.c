#include <string.h>

#include "auth/credentials.h"

/* The string at *at, which is moved behind it; null when none ends before end. */
static const char *
take(const char **at, const char *end)
{
	const char *s = *at, *nul = memchr(s, '\0', (size_t)(end - s));

	if (nul == NULL)
		return NULL;
	*at = nul + 1;
	return s;
}

int
credentials_parse(struct credentials *credentials, const char *s, size_t len)
{
	const char *end = s + len;

	credentials->user = take(&s, end);
	credentials->password = credentials->user != NULL ? take(&s, end) : NULL;
	if (credentials->password == NULL)
		return 0;
	credentials->timestamp = take(&s, end);
	credentials->client = credentials->timestamp != NULL ? take(&s, end) : NULL;
	if (credentials->timestamp == NULL)
		credentials->timestamp = "";
	if (credentials->client == NULL)
		credentials->client = "";
	return 1;
}
