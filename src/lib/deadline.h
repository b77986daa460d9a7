#ifndef LIB_DEADLINE_H
#define LIB_DEADLINE_H

/* Waiting for a descriptor, and reading and writing it, until a deadline. */

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Milliseconds of the monotonic clock. */
int64_t deadline_now(void);

/*
 * As poll(2) on n descriptors, but not past the time at, in the milliseconds of
 * deadline_now.  Returns how many are ready; or -1 with errno, ETIMEDOUT when the time
 * has come.
 */
int deadline_poll(struct pollfd *pollers, size_t n, int64_t at);

/*
 * Wait until fd is readable (events POLLIN) or writable (POLLOUT), but not past
 * the time at, in the milliseconds of deadline_now.  Returns 0; or -1 with
 * errno, ETIMEDOUT when the time has come.
 */
int deadline_wait(int fd, short events, int64_t at);

/*
 * As read(2) and write(2), on a blocking or non-blocking descriptor, but waiting at
 * most seconds for the descriptor to become ready: -1 with ETIMEDOUT after that.
 * Interruptions by signals are taken up again.  To be wrapped in a static function
 * of the program that fits buffer_init.
 */
ssize_t deadline_read(int fd, void *buf, size_t len, unsigned seconds);
ssize_t deadline_write(int fd, const void *buf, size_t len, unsigned seconds);

/* Write all of buf, each step within seconds.  Returns 0, or -1 with errno. */
int deadline_write_all(int fd, const void *buf, size_t len, unsigned seconds);

#endif
