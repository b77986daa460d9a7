#include <string.h>
#include <unistd.h>

#include "lib/glibc_print.h"

int
glibc_print(void *file, int flag, const char *format, ...)
{
	(void)file;
	(void)flag;
	return (int)write(2, format, strlen(format));
}
