#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/credentials.h"
#include "lib/text.h"

int
credentials_parse(struct credentials *credentials, const char *s, size_t len)
{
	const char *end = s + len;

	credentials->user = text_next(&s, end);
	credentials->password = credentials->user != NULL ? text_next(&s, end) : NULL;
	if (credentials->password == NULL)
		return 0;
	credentials->timestamp = text_next(&s, end);
	credentials->client = credentials->timestamp != NULL ? text_next(&s, end) : NULL;
	if (credentials->timestamp == NULL)
		credentials->timestamp = "";
	if (credentials->client == NULL)
		credentials->client = "";
	return 1;
}

int
credentials_put(stralloc *sa, const char *user, const char *password)
{
	const char *client = getenv("TCPREMOTEIP");
	const char *part[] = {user, password, NULL, client != NULL ? client : ""};
	char now[DECIMAL_MAX];
	size_t i, len = 0;

	part[2] = text_decimal(now, (unsigned long long)time(NULL));
	for (i = 0; i < sizeof part / sizeof *part; i++)
		len += strlen(part[i]) + 1;
	/* a null byte at the beginning would make it another question: auth(5) */
	if (*user == '\0' || len > CREDENTIALS_MAX)
		return 0;
	for (i = 0; i < sizeof part / sizeof *part; i++)
		text_catb(sa, part[i], strlen(part[i]) + 1);
	return 1;
}
