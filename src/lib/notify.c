#include <string.h>

#include "lib/notify.h"

int
notify_wants(const char *notify, const char *what)
{
	size_t len, wanted = strlen(what);

	if (notify == NULL)
		return strcmp(what, "SUCCESS") != 0;
	for (; *notify != '\0'; notify += len + (notify[len] == ',')) {
		len = strcspn(notify, ",");
		if (len == wanted && strncasecmp(notify, what, len) == 0)
			return 1;
	}
	return 0;
}
