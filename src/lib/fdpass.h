#ifndef LIB_FDPASS_H
#define LIB_FDPASS_H

/* Descriptors passed over unix sockets. */

#include <stddef.h>
#include <sys/types.h>

/*
 * As send(2), with the descriptor fd attached to the first byte (SCM_RIGHTS).
 * Never raises SIGPIPE.
 */
ssize_t fdpass_send(int sock, const void *buf, size_t len, int fd);

/* The same with n descriptors, FDPASS_MAX at most. */
#define FDPASS_MAX 8
ssize_t fdpass_send_all(int sock, const void *buf, size_t len, const int *fds, size_t n);

/*
 * As recv(2); *fd is a descriptor that came with the bytes (close-on-exec), or
 * unchanged when none did.  Descriptors beyond one are closed.
 */
ssize_t fdpass_receive(int sock, void *buf, size_t len, int *fd);

/*
 * The same for up to most descriptors, which become fds[*n] and those behind it; *n
 * counts them.  Those beyond are closed.
 */
ssize_t fdpass_receive_all(
    int sock, void *buf, size_t len, int *fds, size_t most, size_t *n);

#endif
