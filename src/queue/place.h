#ifndef QUEUE_PLACE_H
#define QUEUE_PLACE_H

#include <stdint.h>

#define PLACE_PATH_MAX 320 /* bytes for the path of anything in the queue */

/*
 * Where a message may stand, queue(5): in one of these folders, or in the bucket of
 * queue/later of a time, which is greater than 0.
 */
#define PLACE_NEW 0
#define PLACE_PAUSED (-1)
#define PLACE_HOLD (-2)
#define PLACE_BAD (-3)
#define PLACE_JOURNAL (-4) /* a file that takes the place of a record: queue(5) */

/* new, later, paused, hold, bad or journal */
const char *place_name(int64_t place);

/* The time that the name of a bucket says, 0 when it is not the name of one. */
int64_t place_bucket_time(const char *name);

/* Write the path of the folder, and of what stands in it under name. */
void place_folder_path(char path[PLACE_PATH_MAX], int64_t place);
void place_path(char path[PLACE_PATH_MAX], int64_t place, const char *name);

/* The second since 1970 at which the message of this path got its ID; 0: it has none. */
int64_t place_path_time(const char *path);

/* rename(2), but never over another file.  Returns 0, or -1 with errno. */
int place_rename_new(const char *from, const char *to);

/*
 * Move message id from one place to another; never over another file.  Returns 0, or -1
 * with errno.
 */
int place_rename(const char *id, int64_t from, int64_t to);

/* The same; a bucket that is empty then goes.  For queue-run, which knows the buckets. */
int place_move(const char *id, int64_t from, int64_t to);

/* Remove message id.  Returns 0, or -1 with errno. */
int place_remove(const char *id, int64_t from);

/*
 * Move the file old to queue/bad: as name, or as name.1, name.2 and so on where others
 * have that name already.  Its new path is put at bad.  Returns 0, or -1 with errno.
 */
int place_rename_bad(const char *old, const char *name, char bad[PLACE_PATH_MAX]);

/*
 * Move what stands under name, a message ID or something foreign, to queue/bad, and log
 * why.  Returns 0, or -1 with errno.
 */
int place_condemn(const char *name, int64_t from, const char *why);

#endif
