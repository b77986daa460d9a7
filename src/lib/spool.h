#ifndef LIB_SPOOL_H
#define LIB_SPOOL_H

/* Files without a name, for what is needed only while a program works on it. */

#include <stddef.h>
#include <sys/types.h>

#define SPOOL_BLOCK 65536

/* A new one, empty: its descriptor, close-on-exec; or -1 with errno. */
int spool_unnamed(void);

/* One that is written, then read. */
struct spool {
	int fd;
	int error;    /* errno of the write that failed: nothing is written after it */
	off_t length; /* of what has been put */
	size_t used;  /* s[0..used) waits to be written */
	char s[SPOOL_BLOCK];
};

/* Begin an empty one.  Returns 0, or -1 with errno, and fd is -1. */
int spool_begin(struct spool *spool);

/* Append s[0..len). */
void spool_put(struct spool *spool, const char *s, size_t len);

/* All has been put.  Returns 0, or -1 with errno when some of it could not be written. */
int spool_end(struct spool *spool);

/*
 * Read up to len bytes at position at, after spool_end.  Returns how many, 0 at the end,
 * or -1 with errno.
 */
ssize_t spool_read(const struct spool *spool, char *buf, size_t len, off_t at);

/* Forget it. */
void spool_close(struct spool *spool);

#endif
