#ifndef QUEUE_LEDGER_SEGMENT_H
#define QUEUE_LEDGER_SEGMENT_H

/* A segment of the queue's journal, read while the service may write to it. */

#include <stddef.h>
#include <stdint.h>

#include "queue/record.h"
#include "queue/segment.h"

#define LEDGER_SEGMENT_MOST 100 /* their names have two digits */
#define LEDGER_SEGMENT_PATH_MAX sizeof "queue/journal/NN"

struct ledger_segment {
	unsigned number;
	int fd;
	struct segment segment;
};

/* Who hears what is in it. */
struct ledger_segment_reader {
	/* A record, whose body begins at this place of the file. */
	void (*take)(void *context, unsigned number, const struct record *r, uint64_t at);
	/* From here to there nothing can be read, though there is something behind it. */
	void (*miss)(void *context, unsigned number, uint64_t from, uint64_t to);
	void *context;
};

void ledger_segment_path(char path[LEDGER_SEGMENT_PATH_MAX], unsigned number);

/*
 * Open the one of that number and read its head.  Returns 1; 0 when what stands there is
 * no segment, with *why; -1 with errno, ENOENT when there is none.
 */
int ledger_segment_open(struct ledger_segment *s, unsigned number, const char **why);

/* Is it as it was when it was opened: not used again, nor removed? */
int ledger_segment_stays(const struct ledger_segment *s);

/*
 * Read len bytes at a place of it.  Returns 0, or -1 with errno.  They are of this
 * segment if ledger_segment_stays says so afterwards.
 */
int ledger_segment_read(
    const struct ledger_segment *s, char *buf, size_t len, uint64_t at);

/*
 * Read all of it, up to the batch that is just being written, if one is.  Returns 0, or
 * -1 with errno when not all of it could be read: the rest was.  Dies with DEFER when
 * memory is short.
 */
int ledger_segment_walk(
    const struct ledger_segment *s, const struct ledger_segment_reader *reader);

void ledger_segment_close(struct ledger_segment *s);

#endif
