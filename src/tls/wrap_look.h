#ifndef TLS_WRAP_LOOK_H
#define TLS_WRAP_LOOK_H

/* Whether a file is still the one that was read. */

#include <sys/types.h>
#include <time.h>

/* What tells one state of a file from another. */
struct wrap_look {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed;
};

/* Look at path, through links.  Returns 0; or -1 with errno, and *look is all zero. */
int wrap_look_at(struct wrap_look *look, const char *path);

/* Is it the same file in the same state? */
int wrap_look_is_same(const struct wrap_look *a, const struct wrap_look *b);

#endif
