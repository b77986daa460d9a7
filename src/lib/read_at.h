#ifndef LIB_READ_AT_H
#define LIB_READ_AT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Read exactly len bytes of the file fd, from the byte offset on, into buf.  Returns 1; 0
 * when the file ends before that; -1 with errno.
 */
int read_at(int fd, char *buf, size_t len, uint64_t offset);

#endif
