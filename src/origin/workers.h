#ifndef ORIGIN_WORKERS_H
#define ORIGIN_WORKERS_H

/* A service whose clients are served by processes that each serve one after the other. */

#include <stddef.h>

/*
 * Say on descriptor 1 that we are ready, and serve the clients of the listening unix
 * socket: serve(fd) is called for each, in a process that serves nobody else meanwhile
 * and closes fd afterwards.  There is always one that waits, up to most of them; who has
 * waited for long ends.  One that ends in serve takes no other with it.  On SIGTERM the
 * socket is closed at once, and those that serve somebody end after him.  Dies with DEFER
 * when there can be none at all.
 */
void workers_serve(int listening, size_t most, void (*serve)(int fd))
    __attribute__((noreturn));

#endif
