#ifndef QUEUE_QUEUE_PLACE_H
#define QUEUE_QUEUE_PLACE_H

#include <stdint.h>

#define QUEUE_PATH_MAX 320 /* bytes for the path of anything in the queue */

/*
 * Where a message may stand, queue(5): in one of these folders, or in the bucket of
 * queue/later of a time, which is greater than 0.
 */
#define QUEUE_NEW 0
#define QUEUE_PAUSED (-1)
#define QUEUE_HOLD (-2)
#define QUEUE_BAD (-3)

/* new, later, paused, hold or bad */
const char *queue_place_name(int64_t place);

/* The time that the name of a bucket says, 0 when it is not the name of one. */
int64_t queue_bucket_time(const char *name);

/* Write the path of the folder, and of what stands in it under name. */
void queue_folder_path(char path[QUEUE_PATH_MAX], int64_t place);
void queue_path(char path[QUEUE_PATH_MAX], int64_t place, const char *name);

/* The second since 1970 at which the message of this path got its ID; 0: it has none. */
int64_t queue_path_time(const char *path);

/* rename(2), but never over another file.  Returns 0, or -1 with errno. */
int queue_rename_new(const char *from, const char *to);

/*
 * Move message id from one place to another; never over another file.  Returns 0, or -1
 * with errno.
 */
int queue_rename(const char *id, int64_t from, int64_t to);

/* The same; a bucket that is empty then goes.  For queue-run, which knows the buckets. */
int queue_move(const char *id, int64_t from, int64_t to);

/* Remove message id.  Returns 0, or -1 with errno. */
int queue_remove(const char *id, int64_t from);

/*
 * Move the file old to queue/bad: as name, or as name.1, name.2 and so on where others
 * have that name already.  Its new path is put at bad.  Returns 0, or -1 with errno.
 */
int queue_rename_bad(const char *old, const char *name, char bad[QUEUE_PATH_MAX]);

/*
 * Move what stands under name, a message ID or something foreign, to queue/bad, and log
 * why.  Returns 0, or -1 with errno.
 */
int queue_condemn(const char *name, int64_t from, const char *why);

#endif
