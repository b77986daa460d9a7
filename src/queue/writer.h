#ifndef QUEUE_WRITER_H
#define QUEUE_WRITER_H

/* The writing of a queue file. */

#include <stddef.h>

#include "queue/header.h"

#define WRITER_BLOCK 65536 /* what a pipe holds */

/*
 * Writes a queue file, header, message and envelope, with as few calls as possible: a
 * small one in one piece.  The message's length is known only at its end.
 */
struct writer {
	int fd;
	struct header header;
	char block[WRITER_BLOCK]; /* what has not been written yet */
	size_t filled;
	int flushed; /* has anything been written? */
};

/* Begin the file fd, which is empty. */
void writer_begin(struct writer *w, int fd);

/*
 * Where the next bytes of the message may be put, at least one.  Returns 0, or -1 with
 * errno when earlier ones could not be written.
 */
int writer_room(struct writer *w, char **room, size_t *len);

/* len bytes of the message have been put there. */
void writer_took(struct writer *w, size_t len);

/* The message is complete, this is its envelope.  Returns 0, or -1 with errno. */
int writer_end(struct writer *w, const char *envelope, size_t len);

#endif
