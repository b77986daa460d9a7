/* Any file is a message or is none, and what is read of it stays within it. */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "queue/file.h"
#include "queue/history.h"

static void
check(const struct file *f, size_t len)
{
	struct history_last *last = history_make(f);

	if (f->envelope.count == 0 || header_end(&f->header) > len)
		abort();
	for (size_t i = 0; i < f->envelope.count; ++i)
		if (strchr("KZDBX", f->recipients[i].state) == NULL)
			abort();
	if (history_read(f, last) == -1)
		abort();
	history_free(f, last);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char path[64];
	struct file f;
	const char *why = NULL;
	int fd, r;

	if (!*path)
		snprintf(path, sizeof path, "/tmp/queue_file_fuzz.%d", (int)getpid());
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (fd == -1 || write(fd, data, len) != (ssize_t)len)
		abort();
	close(fd);
	r = file_open(&f, path, len & 1, &why);
	unlink(path);
	if (r == -1 || (r == 0 && why == NULL))
		abort();
	if (r == 1) {
		check(&f, len);
		file_close(&f);
	}
	return 0;
}
