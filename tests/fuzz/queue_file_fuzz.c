/* Any file is a message or is none, and what is read of it stays within it. */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "queue/queue_file.h"
#include "queue/queue_history.h"

static void
check(const struct queue_file *f, size_t len)
{
	struct queue_last *last = queue_history_make(f);

	if (f->envelope.count == 0 || queue_header_end(&f->header) > len)
		abort();
	for (size_t i = 0; i < f->envelope.count; ++i)
		if (!strchr("KZDBX", f->recipients[i].state))
			abort();
	if (queue_history_read(f, last) == -1)
		abort();
	queue_history_free(f, last);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char path[64];
	struct queue_file f;
	const char *why = NULL;
	int fd, r;

	if (!*path)
		snprintf(path, sizeof path, "/tmp/queue_file_fuzz.%d", (int)getpid());
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (fd == -1 || write(fd, data, len) != (ssize_t)len)
		abort();
	close(fd);
	r = queue_file_open(&f, path, len & 1, &why);
	unlink(path);
	if (r == -1 || (r == 0 && !why))
		abort();
	if (r == 1) {
		check(&f, len);
		queue_file_close(&f);
	}
	return 0;
}
