#include <limits.h>
#include <string.h>

#include "lib/maildirname.h"
#include "lib/text.h"

int
maildirname_number(const char *name, char letter, unsigned long long *n)
{
	size_t end = strcspn(name, ":"), i, len;

	for (i = 0; i + 3 < end; i++) {
		if (name[i] != ',' || name[i + 1] != letter || name[i + 2] != '=')
			continue;
		len = strcspn(name + i + 3, ",:");
		return text_number(name + i + 3, len, LLONG_MAX, n);
	}
	return 0;
}

size_t
maildirname_base(const char *name)
{
	return strcspn(name, ",:");
}
