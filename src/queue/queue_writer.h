#ifndef QUEUE_QUEUE_WRITER_H
#define QUEUE_QUEUE_WRITER_H

#include <stddef.h>

#include "queue/queue_header.h"

#define QUEUE_WRITER_BLOCK 65536 /* what a pipe holds */

/*
 * Writes a queue file, header, message and envelope, with as few calls as possible: a
 * small one in one piece.  The message's length is known only at its end.
 */
struct queue_writer {
	int fd;
	struct queue_header header;
	char block[QUEUE_WRITER_BLOCK]; /* what has not been written yet */
	size_t filled;
	int flushed; /* has anything been written? */
};

/* Begin the file fd, which is empty. */
void queue_writer_begin(struct queue_writer *w, int fd);

/*
 * Where the next bytes of the message may be put, at least one.  Returns 0, or -1 with
 * errno when earlier ones could not be written.
 */
int queue_writer_room(struct queue_writer *w, char **room, size_t *len);

/* len bytes of the message have been put there. */
void queue_writer_took(struct queue_writer *w, size_t len);

/* The message is complete, this is its envelope.  Returns 0, or -1 with errno. */
int queue_writer_end(struct queue_writer *w, const char *envelope, size_t len);

#endif
