/* A file name of any content: its sizes and its unique part. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/maildirname.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *name = malloc(len + 1);
	unsigned long long n;

	if (name == NULL)
		return 0;
	memcpy(name, data, len);
	name[len] = '\0';
	if (maildirname_base(name) > strlen(name))
		abort();
	if (maildirname_number(name, 'S', &n) == 1 && strstr(name, ",S=") == NULL)
		abort();
	maildirname_number(name, 'W', &n);
	free(name);
	return 0;
}
