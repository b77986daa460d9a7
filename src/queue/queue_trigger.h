#ifndef QUEUE_QUEUE_TRIGGER_H
#define QUEUE_QUEUE_TRIGGER_H

#include <stddef.h>

/*
 * The FIFO in which injectors write the IDs of their messages, a line each, and tools
 * that control/ has changed.
 */
struct queue_trigger {
	int fd;            /* -1 where there can be none */
	int capacity;      /* bytes that the FIFO holds */
	char buf[4096];    /* what has been read of it */
	size_t len, start; /* its end, and where its next line begins */
	int reread;        /* the line `reread` has been heard: to be cleared */
};

/* Open it.  Where that can't be, fd is -1, after a warning. */
void queue_trigger_open(struct queue_trigger *t);

/* Read what is there, without waiting.  Returns 1 when some IDs may not have got in. */
int queue_trigger_hear(struct queue_trigger *t);

/* The next ID that was heard, valid until the next call of any of these, or null. */
const char *queue_trigger_next(struct queue_trigger *t);

/* Is there a line that was heard and not taken yet? */
int queue_trigger_has_more(const struct queue_trigger *t);

#endif
