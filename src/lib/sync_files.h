#ifndef LIB_SYNC_FILES_H
#define LIB_SYNC_FILES_H

/* Many files synced at the price of one. */

#include <stddef.h>

/*
 * Bring to the disk the files fds[0..n), and all names that were given or taken in their
 * file systems.  Where file_system_commits_in_order says so the files are written out,
 * and behind that one fsync(2) is made; elsewhere a syncfs(2) with the first one of each
 * file system, which had better be the one that was opened first: a failed write is told
 * only to who had a file open then.  They are regular files or folders, open for reading
 * or writing (O_PATH won't do), of file systems that lib/syncer's syncer_fits knows.  The
 * time of the last access of one of them is changed, and so is their order.  Returns 0,
 * or -1 with errno; then the fsync(2) of a file by its descriptor tells still whether it
 * was that one whose data could not be written.  SYNC_FILES_LOST with errno: of one of
 * them nothing could be written, and no later sync would tell so.
 */
#define SYNC_FILES_LOST (-2)

int sync_files(int *fds, size_t n);

/*
 * syncfs(2) of fd's file system, and where it has no journal, or none that is known, an
 * fsync(2) behind it: of ext4 without one Linux writes the inodes after it has made the
 * disk empty its cache, and returns.  Returns 0, or -1 with errno.
 */
int sync_files_whole(int fd);

#endif
