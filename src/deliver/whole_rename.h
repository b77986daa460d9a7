#ifndef DELIVER_WHOLE_RENAME_H
#define DELIVER_WHOLE_RENAME_H

/*
 * Does a file that was being renamed from one folder to another have one of its names
 * after a power cut, on fd's file system?  1 where that is known: XFS, btrfs, F2FS, JFS,
 * ZFS, and ext3 and ext4 with a journal.
 */
int whole_rename(int fd);

#endif
