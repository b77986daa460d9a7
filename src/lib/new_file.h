#ifndef LIB_NEW_FILE_H
#define LIB_NEW_FILE_H

/* New files in the place of older ones, all or none of them. */

#include <stddef.h>
#include <sys/types.h>

#define NEW_FILE_PATH_MAX 600

/*
 * A file that is to take the place of an older one.  Several are prepared, each on the
 * disk under a name of its own, before the first is put in its place, so that a full disk
 * changes nothing.  The caller holds a lock against others who would do the same.
 */
struct new_file {
	int fd; /* to write to, -1 when there is none */
	char path[NEW_FILE_PATH_MAX];
	char tmp[NEW_FILE_PATH_MAX + 4];
};

/*
 * Begin a successor of path with the given mode; when we are root it gets the owner of
 * the folder.  Each of these returns 0, or -1 with errno.
 */
int new_file_begin(struct new_file *file, const char *path, mode_t mode);

/* Bring what was written to the disk. */
int new_file_finish(struct new_file *file);

/* Put it in place.  The name is durable only after durable_sync_directory. */
int new_file_publish(struct new_file *file);

/* Forget a file that was begun, and not published. */
void new_file_abandon(struct new_file *file);

/*
 * All of that for one file: buf[0..len) takes the place of path, durably.  Returns 0, or
 * -1 with errno; what was there is still there then, unless only the sync of the folder
 * has failed.
 */
int new_file_replace(const char *path, const void *buf, size_t len, mode_t mode);

#endif
