#ifndef QUEUE_LOCK_H
#define QUEUE_LOCK_H

/*
 * Who works on a queue file holds a lock on it, queue(5): queue-run while the message is
 * active, and the tools that change it.  Who only reads takes none.
 */

/*
 * Take the lock of the file that fd has just been opened on by path, without waiting, and
 * make sure that path still names it.  Returns 0; -1 with errno, EWOULDBLOCK when
 * somebody else works on it, ENOENT when it has been moved meanwhile.
 */
int lock_take(int fd, const char *path);

/* Give it back, also when a worker has its own descriptor of the file still. */
void lock_release(int fd);

#endif
