#include <stdlib.h>
#include <string.h>

#include "lib/tls_answer.h"

#define PREFIX_LEN 4

int
tls_answer_is_setting(const char *s)
{
	size_t name;

	if (strncmp(s, "TLS_", PREFIX_LEN) != 0 && strncmp(s, "SSL_", PREFIX_LEN) != 0)
		return 0;
	name = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	if (name == PREFIX_LEN || s[name] != '=')
		return 0;
	for (s += name; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 127)
			return 0;
	return 1;
}

void
tls_answer_set(const char *s)
{
	char name[TLS_ANSWER_MAX];
	size_t len = strcspn(s, "=");

	if (!tls_answer_is_setting(s) || len >= sizeof(name))
		return;
	memcpy(name, s, len);
	name[len] = '\0';
	setenv(name, s + len + 1, 1);
}

char
tls_answer_judge(const char *s, size_t len)
{
	const char *record, *end = s + len;

	if (len == 0)
		return 0;
	if (*s == 'Z' || *s == 'D')
		return *s;
	if (*s != 'K' || (len > 1 && end[-1] != '\0'))
		return 0;
	for (record = s + 1; record < end; record += strlen(record) + 1)
		if (!tls_answer_is_setting(record))
			return 0;
	return 'K';
}
