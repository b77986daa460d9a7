/* A control file of any content gives a value, a list or an error. */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/control.h"

static char folder[] = "/tmp/facteur-fuzz.XXXXXX";

static void
remove_folder(void)
{
	unlink("control/x");
	rmdir("control");
	rmdir(folder);
}

static void
write_file(const uint8_t *data, size_t len)
{
	static int fd = -1;

	if (fd == -1) {
		if (mkdtemp(folder) == NULL || chdir(folder) == -1 ||
		    mkdir("control", 0700) == -1)
			abort();
		atexit(remove_folder);
		fd = open("control/x", O_WRONLY | O_CREAT, 0600);
	}
	if (ftruncate(fd, 0) == -1 || pwrite(fd, data, len, 0) != (ssize_t)len)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static stralloc value;
	unsigned long long n;
	size_t i;

	write_file(data, len);
	if (control_line("x", &value, NULL) == 1 &&
	    (strlen(value.s) != value.len || strchr(value.s, '\n') != NULL))
		abort();
	control_number("x", &n, 0);
	if (control_list("x", &value) != 1)
		return 0;
	for (i = 0; i < value.len; i += strlen(value.s + i) + 1)
		if (value.s[i] == '\0' || value.s[i] == '#' ||
		    strchr(value.s + i, '\n') != NULL)
			abort();
	if (i != value.len)
		abort();
	return 0;
}
