#ifndef LIB_DURABLE_BATCH_H
#define LIB_DURABLE_BATCH_H

#include <stddef.h>

#include "lib/durable.h"

/*
 * Many new files at once: durable_batch_sync for their data, durable_name for each,
 * durable_batch_sync for the names.  Two calls of syncfs(2) take the place of three syncs
 * for each file; but they write out whatever else is dirty there, so few files are better
 * committed one by one.
 */

#define DURABLE_BATCH_MIN 8

/* Are the n files, all open, many enough, and on one file system? */
int durable_batch_fits(struct durable *const *files, size_t n);

/*
 * Sync the file system of the n files, n > 0.  Returns 0 when all that was written to
 * them, and all names that have been given, is on the disk; -1 with errno when something
 * of that is not: then no file of the batch may be taken for durable, for the error is
 * not told again.
 */
int durable_batch_sync(struct durable *const *files, size_t n);

#endif
