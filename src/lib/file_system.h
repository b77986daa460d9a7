#ifndef LIB_FILE_SYSTEM_H
#define LIB_FILE_SYSTEM_H

/* What the file systems are known to do that hold mail. */

/*
 * Does a file that was being renamed from one folder to another have one of its names
 * after a power cut, on fd's file system?  1 where that is known: XFS, btrfs, F2FS, JFS,
 * ZFS, and ext3 and ext4 with a journal.
 */
int file_system_renames_whole(int fd);

/*
 * Does fsync(2) of a file that was changed after all others bring to the disk whatever
 * was done on fd's file system before, but for data that nobody has told to be written
 * out?  1 where that is known: XFS, and ext3 and ext4 with a journal, which write one
 * journal in order.
 */
int file_system_commits_in_order(int fd);

/* Is fd's file system one of ext2 to ext4 that is known to have no journal? */
int file_system_lacks_journal(int fd);

#endif
