#ifndef LIB_SPAWN_CHILD_H
#define LIB_SPAWN_CHILD_H

/* Children, started and waited for. */

#include <stddef.h>
#include <sys/types.h>

/* The parent's descriptor from becomes the child's descriptor to. */
struct spawn_fd {
	int from;
	int to;
};

/*
 * Start argv[0], looked up in PATH, with our environment and the descriptors of map
 * (in order; a from must not be the to of an earlier entry).  All other
 * descriptors are inherited unless they are close-on-exec.  SIGPIPE and SIGXFSZ,
 * which we may ignore, are back to their defaults, and no signal is blocked.  Returns
 * the process id, or -1 with errno.
 */
pid_t spawn_child(const char *const *argv, const struct spawn_fd *map, size_t n);

/* Wait for it; returns its wait(2) status, or -1 with errno. */
int spawn_child_wait(pid_t pid);

/*
 * A close-on-exec descriptor that becomes readable when the child pid has ended; -1 with
 * errno where the kernel has none (before Linux 5.3).
 */
int spawn_child_watch(pid_t pid);

/* A pipe whose ends are both close-on-exec, as pipe(2). */
int spawn_child_pipe(int ends[2]);

#endif
