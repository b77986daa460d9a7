#ifndef LIB_LOCK_FILE_H
#define LIB_LOCK_FILE_H

/* A lock that holds on all machines that share a file system. */

#define LOCK_FILE_MAILDIR "pop3.lock" /* of whoever reads a maildir by POP3 */

/*
 * Lock, without waiting, the file name in the open folder, which is made where it is
 * missing: the lock of a file that is open for writing is one for all machines, that of
 * a folder is known to its own machine only.  The folder is locked as well, and alone
 * where the file can't be made: on a full disk, in a folder that is not ours to write.
 * Returns a descriptor for lock_file_leave; -1 with errno, EWOULDBLOCK when somebody has
 * the lock.
 */
int lock_file_take(int folder, const char *name);

/* The same, but who has the lock is waited for, so many milliseconds at most. */
int lock_file_await(int folder, const char *name, int patience);

/* For services: a child that a killed one has just forked has its lock for a moment. */
#define LOCK_FILE_PATIENCE 1000

/* Give the lock back, and close it. */
void lock_file_leave(int folder, int lock);

/* Make the file, so that it is there when the disk is full.  Returns 0, or -1 with errno.
 */
int lock_file_make(int folder, const char *name);

#endif
