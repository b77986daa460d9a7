/* A journal is read to its end, and an entry written again is the same. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stralloc.h>

#include "queue/journal.h"

static void
take(void *context, const struct journal_entry *entry)
{
	static stralloc line;
	struct journal_entry again;
	char status[JOURNAL_LINE_MAX], text[JOURNAL_LINE_MAX];

	++*(size_t *)context;
	memcpy(status, entry->status, entry->status_len);
	status[entry->status_len] = '\0';
	memcpy(text, entry->text, entry->text_len);
	text[entry->text_len] = '\0';
	line.len = 0;
	journal_put(&line, entry->time, entry->state, entry->index, status, text);
	if (!journal_parse(&again, line.s, line.len - 1) || again.time != entry->time ||
	    again.state != entry->state || again.index != entry->index)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static int fd = -1;
	size_t count = 0;
	int whole;

	if (fd == -1)
		fd = memfd_create("journal", 0);
	if (ftruncate(fd, 0) == -1 || pwrite(fd, data, len, 0) != (ssize_t)len)
		abort();
	whole = journal_read(fd, 0, len, take, &count);
	if (whole != (len == 0 || data[len - 1] == '\n'))
		abort();
	return 0;
}
