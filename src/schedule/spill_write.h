#ifndef SCHEDULE_SPILL_WRITE_H
#define SCHEDULE_SPILL_WRITE_H

/* The child that writes messages of the queue's journal to files. */

#include <stddef.h>
#include <sys/types.h>

#include <stralloc.h>

#include "lib/durable.h"
#include "lib/queueid.h"

#define SPILL_WRITE_MAX 50 /* files at a time */
#define SPILL_WRITE_FOLDER "queue/journal"

struct spill_file {
	struct durable durable;
	char id[QUEUEID_LEN + 1]; /* its name */
	int from;                 /* what it begins with, */
	size_t len;               /* so many bytes, */
	const stralloc *lines;    /* and what follows */
};

/*
 * Fork a child that writes the files, and names them when they are on the disk.  When
 * their names are, too, it writes to answer: a byte for each file, '1' or '0' after a
 * warning; nothing when it dies.  It dies when we do.  Returns its process id, or -1 with
 * errno.
 */
pid_t spill_write_fork(struct spill_file *files, size_t n, int answer);

#endif
