#ifndef LIB_DURABLE_REPLACE_H
#define LIB_DURABLE_REPLACE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Replace the file path (or make it) by buf[0..len), atomically and durably, with the
 * given mode.  Returns 0, or -1 with errno and the old file in place.
 */
int durable_replace(const char *path, const void *buf, size_t len, mode_t mode);

/*
 * Rename from to to and sync the directories that lose and get the name.  Returns 0, or
 * -1 with errno.
 */
int durable_rename(const char *from, const char *to);

#endif
