#ifndef QUEUE_QUEUE_FILE_H
#define QUEUE_QUEUE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/envelope.h"
#include "queue/queue_header.h"

/* What the journal says of one recipient. */
struct queue_recipient {
	char state;     /* 0 not tried yet, else K, Z, D or B as in the journal */
	unsigned tries; /* how many attempts */
};

/* An open queue file: queue(5).  Begin with a zeroed one. */
struct queue_file {
	int fd; /* read-only */
	uint64_t size;
	struct queue_header header;
	stralloc bytes; /* of the envelope */
	struct envelope envelope;
	struct queue_recipient *recipients; /* envelope.count of them */
	int64_t first_try;                  /* seconds since 1970; 0 before it */
	unsigned tries;                     /* of the recipient tried most often */
	int has_journal;
	int torn; /* the journal's last line has no end */
};

/*
 * Open and read the file path.  With again, or when it has a journal, the envelope gets
 * the parameter again=1: deliveries may have been made that nobody recorded.  Returns 1;
 * 0 when the file is not a message, with *why; -1 with errno.  Dies with DEFER when
 * memory is short.
 */
int queue_file_open(struct queue_file *f, const char *path, int again, const char **why);

/* Close it and free all. */
void queue_file_close(struct queue_file *f);

/* About how many bytes it takes in memory. */
size_t queue_file_weight(const struct queue_file *f);

#endif
