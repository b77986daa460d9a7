#ifndef FINDING_TRIGGER_READ_H
#define FINDING_TRIGGER_READ_H

#include <stddef.h>

/*
 * The FIFO in which injectors write the IDs of their messages, a line each, and tools
 * that control/ has changed.
 */
struct trigger_read {
	int fd;            /* -1 where there can be none */
	int capacity;      /* bytes that the FIFO holds */
	char buf[4096];    /* what has been read of it */
	size_t len, start; /* its end, and where its next line begins */
	int reread;        /* the line `reread` has been heard: to be cleared */
};

/* Open it.  Where that can't be, fd is -1, after a warning. */
void trigger_read_open(struct trigger_read *t);

/* Read what is there, without waiting.  Returns 1 when some IDs may not have got in. */
int trigger_read_hear(struct trigger_read *t);

/* The next ID that was heard, valid until the next call of any of these, or null. */
const char *trigger_read_next(struct trigger_read *t);

/* Is there a line that was heard and not taken yet? */
int trigger_read_has_more(const struct trigger_read *t);

#endif
