#include "lib/notify.h"

#include <string.h>

int
notify_wants(const char *notify, const char *what)
{
	size_t len, wanted = strlen(what);

	if (!notify)
		return strcmp(what, "SUCCESS") != 0;
	for (; *notify != '\0'; notify += len + (notify[len] == ',')) {
		len = strcspn(notify, ",");
		if (len == wanted && strncasecmp(notify, what, len) == 0)
			return 1;
	}
	return 0;
}

static const char *const prefixes[] = {NOTIFY_DELIVERED, NOTIFY_RELAYED, NOTIFY_EXPANDED};
static const char *const words[] = {"delivered", "relayed", "expanded"};

char
notify_success(const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; ++i) {
		size_t n = strlen(prefixes[i]);

		if (len >= n && memcmp(s, prefixes[i], n) == 0)
			return *s;
	}
	return '\0';
}

const char *
notify_success_word(char letter)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; ++i)
		if (words[i][0] == letter)
			return words[i];
	return NULL;
}
