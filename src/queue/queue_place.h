#ifndef QUEUE_QUEUE_PLACE_H
#define QUEUE_QUEUE_PLACE_H

#include <stdint.h>

#define QUEUE_PATH_MAX 320 /* bytes for the path of anything in the queue */

/* Write the path of message id: in the bucket time, or for time 0 in queue/new. */
void queue_path(char path[QUEUE_PATH_MAX], int64_t time, const char *id);

/* Write the path of the bucket. */
void queue_bucket_path(char path[QUEUE_PATH_MAX], int64_t time);

/*
 * Move message id from one time to another; never over another file.  A bucket that is
 * empty then goes.  Returns 0, or -1 with errno.
 */
int queue_move(const char *id, int64_t from, int64_t to);

/* Remove message id.  Returns 0, or -1 with errno. */
int queue_remove(const char *id, int64_t from);

/*
 * Move what stands under name, a message ID or something foreign, to queue/bad, and log
 * why. Returns 0, or -1 after a warning.
 */
int queue_condemn(const char *name, int64_t from, const char *why);

/*
 * The same for a name that is no message ID, unless it begins with a dot, or with "tmp."
 * as files do that are being written where they can't be without a name.
 */
void queue_condemn_foreign(const char *name, int64_t from);

#endif
